/**
 * Keys of single clients. In: the file of {@code CLIENT_KEYS_FILE}, and what an operator wants changed in it. Out: the keys
 * that a running program accepts. Knows no job.
 */
package recon.common.keys;
