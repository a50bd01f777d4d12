/** Results on this machine. In: files from the server, under names that it chose. Out: files in one folder. */
package recon.client.download;
