/** The recon host's program: its settings, and the one class that puts the parts together. */
package recon.server;
