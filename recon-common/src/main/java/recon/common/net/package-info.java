/**
 * Connections: accepting them, bounding them in number and time, and knowing who may connect. In: sockets. Out:
 * {@code Connection}s. Knows nothing of what is said over them; imports lifecycle only.
 */
package recon.common.net;
