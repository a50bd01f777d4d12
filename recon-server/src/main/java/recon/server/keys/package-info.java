/**
 * Keys of single clients. In: the file of {@code CLIENT_KEYS_FILE}, and what an operator wants changed in it. Out: the keys
 * that a running server accepts. Knows no other part of the server, and no job.
 */
package recon.server.keys;
