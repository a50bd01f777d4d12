/**
 * The watch folder: from files that appear in a directory to jobs, once for each content. In: a directory. Out: results,
 * and marks on what failed. Imports the client and submit; never cli.
 */
package recon.client.watch;
