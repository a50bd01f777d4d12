package recon.common.net;

import java.util.concurrent.atomic.LongAdder;

/** How many bytes have come in and gone out, sealed as they are, over all connections of a listener. Thread-safe. */
final class Traffic {
    final LongAdder in = new LongAdder();
    final LongAdder out = new LongAdder();
}
