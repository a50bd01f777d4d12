/**
 * What {@code scripts/bench} starts beside the programs themselves: a plain copy to compare with, a slow line, a client
 * that is warm, an MRD client that sends from memory, and the table of what was measured. In: files, ports. Out: a table and JSON.
 */
package recon.client.bench;
