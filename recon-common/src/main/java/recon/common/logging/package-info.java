/** How programs that serve others log: what the options say, turned into appenders. The only place that names Logback. */
package recon.common.logging;
