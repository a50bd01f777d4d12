/** What operators see. In: the job store. Out: answers to queries. Reads the store only. */
package recon.server.status;
