/**
 * TLS 1.3 with a pre-shared key, on the streams of a connection. In: a key ring and two streams. Out: a session that
 * carries bytes both ways. The only package that names Bouncy Castle's TLS; imports crypto only.
 */
package recon.common.tls;
