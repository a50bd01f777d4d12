/**
 * Starting and stopping the parts of a program in order, telling the service manager of it, and the moments at which a
 * test may kill the program. Imports nothing else of the project.
 */
package recon.common.lifecycle;
