/** From files on this machine to a job on the server. In: paths. Out: a submitted job. Never imports cli. */
package recon.client.submit;
