/**
 * What administrators of the relay see and do. In: a connection with the administrator's key. Out: reports, and changes of
 * how the relay works, each on record. Never imports forward.
 */
package recon.relay.admin;
