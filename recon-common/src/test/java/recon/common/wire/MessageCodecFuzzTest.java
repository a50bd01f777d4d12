package recon.common.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/** Whatever an authentic token holds, it is a message or a {@link ProtocolException}; a message survives a round trip. */
class MessageCodecFuzzTest {
    @FuzzTest(maxDuration = "30s")
    void anyBody(byte[] data) throws ProtocolException {
        Message message;
        try {
            message = MessageCodec.decode(data, data.length);
        } catch (ProtocolException refused) {
            require(
                    refused.getMessage().chars().noneMatch(Character::isISOControl),
                    "a peer wrote more than one line into the log");
            return;
        }
        MessageCodec.Encoded once = MessageCodec.encode(message);
        MessageCodec.Encoded twice = MessageCodec.encode(MessageCodec.decode(once.buffer(), once.length()));
        require(
                Arrays.equals(once.buffer(), 0, once.length(), twice.buffer(), 0, twice.length()),
                "a message changed on its way: " + message.label());
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
