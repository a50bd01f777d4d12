package recon.common.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.KeyRing;
import recon.common.crypto.ReplayGuard;
import recon.common.crypto.SharedKey;
import recon.common.net.Connection;
import recon.common.net.Listener;
import recon.common.net.TrustedAddresses;
import recon.common.options.AdminItems;
import recon.common.options.Items;
import recon.common.options.Options;
import recon.common.options.OptionsFile;
import recon.common.options.Problems;
import recon.common.testing.TestKeys;
import recon.common.wire.AdminReport;
import recon.common.wire.AdminRequest;
import recon.common.wire.Opening;
import recon.common.wire.RefusedException;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.TransportChoice;

/** A port for administration, over loopback. */
@Timeout(30)
class AdminPortTest {
    private static final int MAX_MESSAGE_BYTES = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static Administration administration(String options) {
        Problems problems = new Problems();
        OptionsFile file = OptionsFile.parse("x", options, problems);
        Administration settings = Administration.from(
                Options.resolve(Map.of(), Map.of(), file, problems), AdminItems.SERVER, List.of(), problems);
        assertThat(problems.list()).isEmpty();
        return settings;
    }

    private static SecureChannel channel(Connection connection, FernetCipher cipher) {
        return new SecureChannel(
                connection, cipher, new ReplayGuard(Duration.ofMinutes(5), Clock.systemUTC()), MAX_MESSAGE_BYTES);
    }

    private static AdminPort port(Administration settings) throws IOException {
        FernetCipher cipher = new FernetCipher(new KeyRing(settings.keys()));
        AdminSession session = new AdminSession(
                AdminItems.SERVER,
                () -> TrustedAddresses.parse(""),
                Items.TRUSTED_IPS,
                TransportChoice.AUTO,
                connection -> channel(connection, cipher),
                Echo::new);
        return new AdminPort(settings, AdminItems.SERVER, new Listener.Limits(5, 5, PATIENCE, PATIENCE, 0), session);
    }

    /** Asks, and returns what is answered. */
    private static String ask(int port, Opening request) throws IOException {
        Connection connection = new Connection(new Socket(InetAddress.getLoopbackAddress(), port), PATIENCE);
        try (SecureChannel channel = channel(connection, new FernetCipher(List.of(SharedKey.parse(TestKeys.A))))) {
            channel.ask(request, TransportChoice.AUTO);
            return channel.expect(AdminReport.Done.class, "an answer").message();
        }
    }

    @Test
    void anAdministratorIsAnsweredAndAClientShownTheOtherPort() throws Exception {
        Administration settings = administration("SERVER_ADMIN_PORT = 0\nSERVER_ADMIN_SHARED_KEY = " + TestKeys.A);
        AdminPort port = port(settings);
        port.bind();
        port.start();
        try {
            assertThat(port).hasToString("localhost port " + port.port());
            assertThat(ask(port.port(), new AdminRequest.Unknown("dance"))).isEqualTo("admin asks for dance");
            assertThatThrownBy(() -> ask(port.port(), new Request.GetServerStatus()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("this is the port for administration; clients use SERVER_PORT");
        } finally {
            port.stop();
        }
    }

    @Test
    void aPortOrNameThatCannotBeUsedIsNamedByItsItem() throws Exception {
        AdminPort first = port(administration("SERVER_ADMIN_PORT = 0"));
        first.bind();
        try {
            AdminPort second = port(administration("SERVER_ADMIN_PORT = " + first.port()));
            assertThatThrownBy(second::bind)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("that is SERVER_ADMIN_PORT");
        } finally {
            first.stop();
        }
        assertThatThrownBy(() -> port(administration("SERVER_ADMIN_HOSTNAME = no.such.name.invalid")))
                .hasMessage("SERVER_ADMIN_HOSTNAME = no.such.name.invalid is no address and no known name");
    }

    @Test
    void withoutAKeyThereIsNobodyToAnswer() {
        Administration settings = administration("");
        assertThat(settings).isEqualTo(new Administration("localhost", 60_003, Optional.empty()));
        assertThat(settings.keys()).isEmpty();
    }

    /** Answers what it does not know, and is asked for nothing else. */
    private record Echo(SecureChannel channel) implements AdminRequest.Handler<Void> {
        @Override
        public Void show(AdminRequest.Show request) {
            throw new AssertionError(request);
        }

        @Override
        public Void jobs(AdminRequest.Jobs request) {
            throw new AssertionError(request);
        }

        @Override
        public Void logs(AdminRequest.Logs request) {
            throw new AssertionError(request);
        }

        @Override
        public Void cancel(AdminRequest.Cancel request) {
            throw new AssertionError(request);
        }

        @Override
        public Void priority(AdminRequest.SetPriority request) {
            throw new AssertionError(request);
        }

        @Override
        public Void maxJobs(AdminRequest.SetMaxJobs request) {
            throw new AssertionError(request);
        }

        @Override
        public Void drain(AdminRequest.Drain request) {
            throw new AssertionError(request);
        }

        @Override
        public Void resume(AdminRequest.Resume request) {
            throw new AssertionError(request);
        }

        @Override
        public Void reload(AdminRequest.Reload request) {
            throw new AssertionError(request);
        }

        @Override
        public Void purge(AdminRequest.Purge request) {
            throw new AssertionError(request);
        }

        @Override
        public Void unknown(AdminRequest.Unknown request) throws IOException {
            channel.announce(new AdminReport.Done(channel.owner().name() + " asks for " + request.command(), Map.of()));
            return null;
        }
    }
}
