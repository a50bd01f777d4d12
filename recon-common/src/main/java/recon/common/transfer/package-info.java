/**
 * Files over a channel, either way, in slices. In: a {@code SecureChannel} and a file. Out: the file on the other
 * side, whole or not at all. Imports wire and job.
 */
package recon.common.transfer;
