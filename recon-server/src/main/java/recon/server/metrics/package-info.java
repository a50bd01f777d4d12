/** Figures for monitoring, over plain HTTP. In: the job store and counters. Out: text for Prometheus. Reads only. */
package recon.server.metrics;
