/**
 * Starting and stopping the parts of a program in order, and the moments at which a test may kill it. Imports nothing
 * else of the project.
 */
package recon.common.lifecycle;
