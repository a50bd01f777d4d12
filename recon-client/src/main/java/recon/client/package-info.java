/** The scanner workstation's side of a job, without a command line. */
package recon.client;
