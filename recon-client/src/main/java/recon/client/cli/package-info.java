/** The command line: parses, calls, prints. Every command is one class; none does any work of its own. */
package recon.client.cli;
