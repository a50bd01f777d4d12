/**
 * What {@code scripts/bench} starts beside the programs themselves: a plain copy to compare with, a slow line, and the
 * table of what was measured. In: files, ports. Out: a table and JSON. Never imports the client.
 */
package recon.client.bench;
