/** A file system whose operations fail on demand, as those of a full or broken disk do. In: a real directory. */
package recon.server.testing.faulty;
