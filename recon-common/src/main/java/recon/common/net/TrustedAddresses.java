package recon.common.net;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Which addresses may connect: a list of single addresses and CIDR blocks, or any. Immutable; looks no name up. */
public final class TrustedAddresses {
    private final List<AddressBlock> blocks;

    private TrustedAddresses(List<AddressBlock> blocks) {
        this.blocks = List.copyOf(blocks);
    }

    /**
     * Parses literal IPv4 and IPv6 addresses and blocks ({@code 192.168.1.0/24}) with commas between them. Blank means
     * any address. An IPv4 block does not hold IPv6 addresses nor the other way round; an IPv4 address mapped to IPv6 is
     * an IPv4 address, both here and in {@link #contains}.
     *
     * @throws IllegalArgumentException with everything that is wrong, if an element is no address or no list remains
     */
    public static TrustedAddresses parse(String commaList) {
        List<AddressBlock> blocks = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String element : commaList.split(",", -1)) {
            if (!element.isBlank()) {
                try {
                    blocks.add(AddressBlock.parse(element.strip()));
                } catch (IllegalArgumentException e) {
                    problems.add(e.getMessage());
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        if (blocks.isEmpty() && !commaList.isBlank()) {
            throw new IllegalArgumentException("only commas; name an address, or leave it blank for any");
        }
        return new TrustedAddresses(blocks);
    }

    public boolean isAny() {
        return blocks.isEmpty();
    }

    public boolean contains(InetAddress address) {
        return isAny() || blocks.stream().anyMatch(block -> block.contains(address));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrustedAddresses that && blocks.equals(that.blocks);
    }

    @Override
    public int hashCode() {
        return blocks.hashCode();
    }

    @Override
    public String toString() {
        return isAny() ? "any" : blocks.stream().map(AddressBlock::toString).collect(Collectors.joining(","));
    }
}
