/**
 * Messages between two peers. In: a {@code Connection} or any pair of streams. Out: {@code Message}s, authentic and
 * well-formed. The only package that names Jackson; imports job, crypto and net, never transfer.
 */
package recon.common.wire;
