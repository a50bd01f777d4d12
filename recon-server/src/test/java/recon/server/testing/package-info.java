/** What the tests of the server share: a client, a script with named faults, a server put together on port 0. */
package recon.server.testing;
