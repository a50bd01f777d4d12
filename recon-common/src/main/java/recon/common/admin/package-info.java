/**
 * What the port for administration of a server and that of a relay have in common. In: connections with the
 * administrator's key, and the options file once it has changed. Out: commands, for the program to answer. Never imports
 * transfer or keys.
 */
package recon.common.admin;
