/** Starting and stopping the parts of a program in order. Imports nothing else of the project. */
package recon.common.lifecycle;
