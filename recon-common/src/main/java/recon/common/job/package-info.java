/** What a job is: identifiers, names and states as immutable records. Imports nothing else of the project. */
package recon.common.job;
