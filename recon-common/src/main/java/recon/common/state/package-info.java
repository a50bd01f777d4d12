/** The directories that a program keeps its state in: for its user alone, and for one process at a time. Imports job only. */
package recon.common.state;
