/** The relay as a program: its command line, its options, and the one class that knows every part. */
package recon.relay;
