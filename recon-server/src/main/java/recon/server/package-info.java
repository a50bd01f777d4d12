/** The recon host's program: its settings, and the classes that put the parts together and start them. */
package recon.server;
