/**
 * Kills the server, and clients, and cuts connections, and looks whether any job suffers. Both programs run from their jars
 * as a user would run them; of the server it knows the command line, the options and the record that operators read too.
 * In: the two jars, a directory. Out: the violations found, with their evidence in that directory.
 */
package recon.client.crash;
