/** From files on this machine to a job on the server, and to its end. In: paths. Out: an outcome. Never imports cli. */
package recon.client.submit;
