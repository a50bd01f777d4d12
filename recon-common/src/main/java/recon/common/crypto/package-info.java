/**
 * Keys, sealing and opening with them, and what TLS needs of them. In: the text of a key, plain bytes or a token. Out:
 * tokens or plain bytes. The only package, beside tls, that names {@code Cipher} or {@code Mac}; imports nothing else of the
 * project.
 */
package recon.common.crypto;
