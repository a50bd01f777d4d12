/**
 * Keys, and sealing and opening of messages. In: bytes and keys. Out: Fernet tokens, or the bytes of an authentic one.
 * The only package that names {@code Cipher} and {@code Mac}; imports nothing else of the project.
 */
package recon.common.crypto;
