package recon.common.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedAddressesTest {
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void blankMeansAnyAddress(String blank) throws Exception {
        TrustedAddresses any = TrustedAddresses.parse(blank);
        assertThat(any.isAny()).isTrue();
        assertThat(any.contains(InetAddress.getByName("203.0.113.9"))).isTrue();
        assertThat(any).hasToString("any");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "127.0.0.1,::1; 127.0.0.1; true",
                "127.0.0.1,::1; ::1; true",
                "127.0.0.1,::1; 127.0.0.2; false",
                "127.0.0.1,::1; ::2; false",
                " 10.0.0.0/8 , ,192.168.1.101,; 10.255.255.255; true",
                "10.0.0.0/8; 11.0.0.0; false",
                "192.168.4.0/23; 192.168.5.255; true",
                "192.168.4.0/23; 192.168.6.0; false",
                "0.0.0.0/0; 198.51.100.7; true",
                "0.0.0.0/0; 2001:db8::1; false",
                "::/0; 2001:db8::1; true",
                "::/0; 198.51.100.7; false",
                "2001:db8::/33; 2001:db8:7fff:ffff::1; true",
                "2001:db8::/33; 2001:db8:8000::; false",
                "2001:DB8:0:0:0:0:0:1; 2001:db8::1; true",
                "::ffff:192.0.2.1; 192.0.2.1; true",
                "::ffff:c000:201; 192.0.2.1; true",
                "::ffff:192.0.2.0/120; 192.0.2.77; true",
                "::ffff:192.0.2.0/120; 192.0.3.0; false",
                "::ffff:0:0/96; 198.51.100.7; true",
            })
    void containsExactlyWhatIsListed(String list, String address, boolean expected) throws Exception {
        TrustedAddresses trusted = TrustedAddresses.parse(list);
        assertThat(trusted.isAny()).isFalse();
        assertThat(trusted.contains(InetAddress.getByName(address))).isEqualTo(expected);
    }

    @Test
    void aPeerMappedToIpv6IsItsIpv4Address() throws Exception {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, 10, 1, 2, 3};
        InetAddress peer = Inet6Address.getByAddress("peer", mapped, -1);
        assertThat(peer.getAddress()).hasSize(16);
        assertThat(TrustedAddresses.parse("10.0.0.0/8").contains(peer)).isTrue();
        assertThat(TrustedAddresses.parse("::/0").contains(peer)).isFalse();
    }

    @Test
    void aPeersZoneDoesNotMatter() throws Exception {
        InetAddress peer = Inet6Address.getByAddress(
                "peer", InetAddress.getByName("fe80::1").getAddress(), 3);
        assertThat(TrustedAddresses.parse("fe80::/10").contains(peer)).isTrue();
    }

    @Test
    void aHostNameIsAnErrorThatSaysWhatToWrite() {
        assertThatThrownBy(() -> TrustedAddresses.parse("localhost"))
                .hasMessage("\"localhost\" is neither an IPv4 nor an IPv6 address; host names are not looked up here,"
                        + " write the address (127.0.0.1,::1 for localhost)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "127.0.0.256; \"256\" is not a number in 0..255",
                "127.0.0.01; \"01\" is not a number in 0..255",
                "127.1; neither an IPv4 nor an IPv6 address",
                "a.example/24; neither an IPv4 nor an IPv6 address",
                "1.2.3.4:5; \"1.2.3.4:5\" is not an IPv6 address",
                "[::1]; \"[::1]\" is not an IPv6 address",
                ":::; \":::\" is not an IPv6 address",
                "1:2:3:4:5:6:7:8:9; is not an IPv6 address",
                "fe80::1%eth0; has a zone",
                "10.0.0.0/33; prefix after the / is not a number in 0..32",
                "10.0.0.0/; prefix after the /",
                "10.0.0.0/-1; prefix after the /",
                "10.0.0.0/08; prefix after the /",
                "10.0.0.0/8/8; prefix after the /",
                "::/129; prefix after the / is not a number in 0..128",
                "10.0.0.1/8; for the whole block write 10.0.0.0/8",
                "2001:db8::1/32; bits beyond its prefix",
                "::ffff:0:0/95; its prefix must be 96..128",
                "/8; neither an IPv4 nor an IPv6 address",
                "\u0661.2.3.4; neither an IPv4 nor an IPv6 address",
            })
    void refusesWhatIsNoAddress(String list, String message) {
        assertThatThrownBy(() -> TrustedAddresses.parse(list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aListOfCommasIsNotAny() {
        assertThatThrownBy(() -> TrustedAddresses.parse(",,")).hasMessageContaining("only commas");
    }

    @Test
    void namesEveryWrongElement() {
        assertThatThrownBy(() -> TrustedAddresses.parse("scanner1,10.0.0.1,10.0.0.0/40"))
                .hasMessageContaining("\"scanner1\"")
                .hasMessageContaining("\"10.0.0.0/40\"");
    }

    @Test
    void equalListsAreEqual() {
        TrustedAddresses list = TrustedAddresses.parse("10.0.0.0/8, ::1");
        assertThat(list)
                .isEqualTo(TrustedAddresses.parse("10.0.0.0/8,0:0:0:0:0:0:0:1/128"))
                .hasSameHashCodeAs(TrustedAddresses.parse("10.0.0.0/8,::1"))
                .isNotEqualTo(TrustedAddresses.parse("10.0.0.0/9,::1"))
                .hasToString("10.0.0.0/8,0:0:0:0:0:0:0:1");
    }

    @Property(tries = 300)
    void anAddressIsInEveryBlockMadeOfItAndLeavesWithAnyBitOfThePrefix(
            @ForAll @Size(4) byte[] address, @ForAll @IntRange(min = 1, max = 32) int prefix) throws Exception {
        checkBlock(address, prefix);
    }

    @Property(tries = 300)
    void soDoesAnIpv6Address(@ForAll @Size(16) byte[] address, @ForAll @IntRange(min = 1, max = 128) int prefix)
            throws Exception {
        address[0] |= 0x20; // so that it is not one that stands for an IPv4 address
        checkBlock(address, prefix);
    }

    private static void checkBlock(byte[] address, int prefix) throws UnknownHostException {
        byte[] network = address.clone();
        for (int bit = prefix; bit < 8 * network.length; bit++) {
            network[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        TrustedAddresses block =
                TrustedAddresses.parse(InetAddress.getByAddress(network).getHostAddress() + "/" + prefix);
        assertThat(block.contains(InetAddress.getByAddress(address))).isTrue();
        for (int bit = 0; bit < 8 * address.length; bit++) {
            byte[] other = address.clone();
            other[bit / 8] ^= (byte) (0x80 >> bit % 8);
            assertThat(block.contains(InetAddress.getByAddress(other)))
                    .as("bit %d", bit)
                    .isEqualTo(bit >= prefix);
        }
    }

    @Property(tries = 500)
    void anyTextIsAListOrAnIllegalArgument(@ForAll String text) {
        try {
            assertThat(TrustedAddresses.parse(text).isAny()).isEqualTo(text.isBlank());
        } catch (IllegalArgumentException expected) {
            assertThat(expected).hasMessageNotContaining("null");
        }
    }
}
