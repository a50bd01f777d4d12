/**
 * Runs queued jobs, a bounded number at a time, and takes stock of them at the start. In: places in the queue. Out:
 * results on the disk, and the record of how each job ended. Never imports intake or delivery.
 */
package recon.server.work;
