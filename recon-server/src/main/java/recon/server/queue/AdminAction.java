package recon.server.queue;

import java.time.Instant;

/**
 * Something that was done to the server as a whole.
 *
 * @param action what, on one line
 * @param by {@code admin@ADDRESS}, or {@code SIGHUP}
 */
public record AdminAction(Instant at, String action, String by) {}
