/**
 * Messages between two peers, as Fernet tokens (version 1) or in TLS (version 2, which also carries the bytes of files). In:
 * a {@code Connection}. Out: {@code Message}s, authentic and well-formed. The only package that names Jackson; imports job,
 * crypto, tls and net, never transfer.
 */
package recon.common.wire;
