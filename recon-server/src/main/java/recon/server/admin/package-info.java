/**
 * What administrators see and do. In: a connection with the administrator's key. Out: reports, and changes of how the
 * server works, each on record. Never imports intake, work or script.
 */
package recon.server.admin;
