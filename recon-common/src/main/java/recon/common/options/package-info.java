/**
 * The settings an operator makes. In: {@code recon.opts}, the environment, the command line. Out: checked values, or one
 * exception that names every problem with its place. Imports only {@code crypto}, for the keys.
 */
package recon.common.options;
