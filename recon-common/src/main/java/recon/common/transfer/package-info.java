/**
 * Files over a channel, either way, in slices: one at a time (version 1), or one behind the other (version 2). In: a
 * {@code SecureChannel} and a file. Out: the file on the other side, under its name only when it is whole. Imports wire and
 * job.
 */
package recon.common.transfer;
