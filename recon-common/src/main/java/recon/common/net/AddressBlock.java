package recon.common.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A CIDR block of addresses (RFC 4632, RFC 4291 section 2.3); a single address is a block with a full prefix. IPv4
 * addresses written or met as IPv6 ({@code ::ffff:a.b.c.d}, RFC 4291 section 2.5.5.2) count as IPv4.
 */
final class AddressBlock {
    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;
    private static final int MAPPED_PREFIX_BITS = 96;
    private static final int V6_NETWORK_BITS = 64;
    private static final Pattern V4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern V6 = Pattern.compile("(?=.*:)[0-9a-fA-F:]{2,39}([0-9.]{7,15})?");
    private static final Pattern PREFIX = Pattern.compile("0|[1-9]\\d{0,2}");

    /** 4 or 16 bytes, zero beyond the prefix. */
    private final byte[] network;

    /** How many leading bits an address of the block shares with the network. */
    private final int prefixBits;

    private AddressBlock(byte[] network, int prefixBits) {
        this.network = network;
        this.prefixBits = prefixBits;
    }

    /**
     * Parses {@code address} or {@code address/prefix}.
     *
     * @throws IllegalArgumentException with what is wrong, if the text is no literal address or block
     */
    static AddressBlock parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        byte[] written = literal.indexOf(':') >= 0 ? v6(literal) : v4(literal);
        int prefix = slash < 0 ? 8 * written.length : prefix(text, text.substring(slash + 1), 8 * written.length);
        byte[] network = unmapped(written);
        if (network.length < written.length) {
            prefix -= MAPPED_PREFIX_BITS;
            if (prefix < 0) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" holds more than the mapped IPv4 addresses; its prefix" + " must be "
                                + MAPPED_PREFIX_BITS + "..128");
            }
        }
        byte[] masked = masked(network, prefix);
        if (!Arrays.equals(masked, network)) {
            throw new IllegalArgumentException("\"" + text + "\" has bits beyond its prefix; for the whole block write "
                    + hostText(masked) + "/" + prefix + ", for the one address leave the prefix out");
        }
        return new AddressBlock(network, prefix);
    }

    /** The one address. */
    static AddressBlock single(InetAddress address) {
        byte[] bytes = unmapped(address.getAddress());
        return new AddressBlock(bytes, 8 * bytes.length);
    }

    /** The block that one machine may choose its addresses from: of IPv4 the address, of IPv6 its /64 (RFC 4291, 2.5.4). */
    static AddressBlock network(InetAddress address) {
        AddressBlock single = single(address);
        return single.network.length == V4_BYTES
                ? single
                : new AddressBlock(masked(single.network, V6_NETWORK_BITS), V6_NETWORK_BITS);
    }

    boolean contains(InetAddress address) {
        byte[] bytes = unmapped(address.getAddress());
        return bytes.length == network.length && Arrays.equals(masked(bytes, prefixBits), network);
    }

    private static byte[] v4(String literal) {
        Matcher parts = V4.matcher(literal);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "\"" + literal + "\" is neither an IPv4 nor an IPv6 address; host names are"
                            + " not looked up here, write the address (127.0.0.1,::1 for localhost)");
        }
        byte[] bytes = new byte[V4_BYTES];
        for (int i = 0; i < V4_BYTES; i++) {
            String part = parts.group(i + 1);
            int value = Integer.parseInt(part);
            // A leading zero is octal to some programs and decimal to others, so it is neither here.
            if (value > 255 || (part.length() > 1 && part.startsWith("0"))) {
                throw new IllegalArgumentException(
                        "\"" + literal + "\" is not an IPv4 address: \"" + part + "\" is not a number in 0..255");
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static byte[] v6(String literal) {
        if (literal.indexOf('%') >= 0) {
            throw new IllegalArgumentException("\"" + literal + "\" has a zone; leave out what follows the %");
        }
        try {
            // The pattern leaves nothing that would be looked up as a name.
            if (V6.matcher(literal).matches()) {
                byte[] bytes = InetAddress.getByName(literal).getAddress();
                return bytes.length == V6_BYTES ? bytes : mapped(bytes);
            }
        } catch (UnknownHostException notAnAddress) {
            // Reported below.
        }
        throw new IllegalArgumentException("\"" + literal + "\" is not an IPv6 address");
    }

    private static int prefix(String text, String digits, int maxBits) {
        if (PREFIX.matcher(digits).matches() && Integer.parseInt(digits) <= maxBits) {
            return Integer.parseInt(digits);
        }
        throw new IllegalArgumentException("\"" + text + "\": the prefix after the / is not a number in 0.." + maxBits);
    }

    private static byte[] mapped(byte[] v4) {
        byte[] bytes = new byte[V6_BYTES];
        bytes[10] = (byte) 0xff;
        bytes[11] = (byte) 0xff;
        System.arraycopy(v4, 0, bytes, V6_BYTES - V4_BYTES, V4_BYTES);
        return bytes;
    }

    private static byte[] unmapped(byte[] address) {
        if (address.length == V6_BYTES) {
            byte[] v4 = Arrays.copyOfRange(address, V6_BYTES - V4_BYTES, V6_BYTES);
            return Arrays.equals(address, mapped(v4)) ? v4 : address;
        }
        return address;
    }

    private static byte[] masked(byte[] address, int prefixBits) {
        byte[] masked = new byte[address.length];
        for (int i = 0; i < address.length; i++) {
            int bits = Math.max(0, Math.min(8, prefixBits - 8 * i));
            masked[i] = (byte) (address[i] & (0xff00 >> bits));
        }
        return masked;
    }

    private static String hostText(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + address.length + " bytes", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressBlock that
                && prefixBits == that.prefixBits
                && Arrays.equals(network, that.network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + prefixBits;
    }

    @Override
    public String toString() {
        return hostText(network) + (prefixBits < 8 * network.length ? "/" + prefixBits : "");
    }
}
