package recon.client.cli;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * A script's output as text. It comes in pieces that may end within a character or between the two characters of a line
 * end; what is no UTF-8 becomes replacement characters. A carriage return alone, as progress bars use it, ends a line.
 */
final class ScriptText {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private ByteBuffer rest = ByteBuffer.allocate(0);
    private boolean returnPending;

    /** The text of the next piece, as far as it is complete. */
    String next(byte[] piece) {
        return lines(decode(piece, false));
    }

    /** What was still incomplete. */
    String end() {
        String text = lines(decode(new byte[0], true));
        return returnPending ? text + '\n' : text;
    }

    private String decode(byte[] piece, boolean last) {
        ByteBuffer bytes =
                ByteBuffer.allocate(rest.remaining() + piece.length).put(rest).put(piece);
        bytes.flip();
        CharBuffer chars = CharBuffer.allocate(bytes.remaining() + 1);
        decoder.decode(bytes, chars, last);
        if (last) {
            decoder.flush(chars);
        }
        rest = bytes;
        return chars.flip().toString();
    }

    private String lines(String text) {
        String whole = returnPending ? '\r' + text : text;
        returnPending = whole.endsWith("\r");
        String now = returnPending ? whole.substring(0, whole.length() - 1) : whole;
        return now.replace("\r\n", "\n").replace('\r', '\n');
    }
}
