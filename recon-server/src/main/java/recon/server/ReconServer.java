package recon.server;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.keys.ClientKeysFile;
import recon.common.keys.ClientKeysWatch;
import recon.common.lifecycle.Service;
import recon.common.lifecycle.Services;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.server.metrics.Metrics;
import recon.server.queue.JobStore;
import recon.server.queue.SqliteJobStore;
import recon.server.queue.StateLock;
import recon.server.queue.StoreException;
import recon.server.queue.Workspace;
import recon.server.script.LeftOverProcesses;
import recon.server.script.OutputMode;
import recon.server.script.ProcessScript;
import recon.server.script.ScriptCommand;
import recon.server.script.ScriptLocator;

/** The whole server, from its start to its end. Not thread-safe: one thread starts it, one stops it. */
public final class ReconServer implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(ReconServer.class);

    /** So often the server looks whether the client keys have changed. */
    private static final Duration KEYS_INTERVAL = Duration.ofSeconds(2);

    private final ServerParts parts;
    private final Services services;

    /** The server cannot start now, for want of disk space perhaps; nothing is wrong with its options. */
    public static final class NotNowException extends IOException {
        private static final long serialVersionUID = 1L;

        NotNowException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private ReconServer(ServerParts parts, Services services) {
        this.parts = parts;
        this.services = services;
    }

    /**
     * Starts a server.
     *
     * @param again reads the options anew, while the server runs
     * @param installation the program's own jar, or its directory of classes: scripts are looked for beside it
     * @param reconstruct command that runs the built-in reconstruction
     * @throws OptionsException if the options are wrong, or the client keys cannot be used
     * @throws NotNowException if the record of the jobs cannot be brought up to date
     * @throws IOException if a directory or the port cannot be used; the message tells the operator what to do
     */
    public static ReconServer start(
            Options options, Supplier<Options> again, Path installation, List<String> reconstruct)
            throws OptionsException, IOException {
        ServerSettings settings = ServerSettings.from(options);
        ClientKeysWatch keys = clientKeys(settings);
        ServerSettings.Script script = settings.script();
        Workspace workspace = new Workspace(
                settings.basePfileDirectory(),
                settings.dicomOutputDirectory(),
                script.outputMode() == OutputMode.SHARED,
                settings.stateDirectory());
        ScriptCommand command = new ScriptCommand(
                new ScriptLocator(
                        script.path(),
                        settings.optionsDirectory(),
                        ScriptLocator.besideInstallation(installation),
                        reconstruct),
                script.pythonCommand(),
                script.matlabCommand(),
                script.outputMode());
        Clock clock = Clock.systemUTC();
        ServerParts parts;
        Services services;
        StateLock lock = StateLock.take(workspace.lockable());
        try {
            JobStore store = SqliteJobStore.open(workspace.state(), clock);
            try {
                parts = new ServerParts(options, again, settings, keys, workspace, command, store, clock);
                services = start(parts, List.of(Service.closing(lock), Service.closing(store)));
            } catch (IOException | RuntimeException e) {
                store.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
        tellOfTheStart(settings, workspace.state(), parts);
        return new ReconServer(parts, services);
    }

    /**
     * The keys that a server with these settings would accept now.
     *
     * @throws OptionsException if the file of client keys is wrong, or there is none where it is needed
     */
    static ClientKeysWatch clientKeys(ServerSettings settings) throws OptionsException {
        ServerSettings.Access access = settings.access();
        return new ClientKeysWatch(
                new ClientKeysFile(
                        access.clientKeysFile(),
                        settings.keys(),
                        settings.administration().key()),
                access.requireClientKeys(),
                KEYS_INTERVAL);
    }

    private static Services start(ServerParts parts, List<Service> before) throws IOException {
        try {
            parts.listener.bind();
            if (parts.adminPort.isPresent()) {
                parts.adminPort.get().bind();
            }
            if (parts.metrics.isPresent()) {
                parts.metrics.get().bind();
            }
            if (parts.mrd.isPresent()) {
                parts.mrd.get().bind();
            }
            LeftOverProcesses leftOvers = new LeftOverProcesses(ProcessScript.DEFAULT_GRACE);
            parts.recovery.takeStock(leftOvers::end);
            if (parts.mrd.isPresent()) {
                parts.mrd.get().endLeftOvers(leftOvers);
            }
            parts.orders.restore();
            List<Service> inOrder = new ArrayList<>(before);
            inOrder.addAll(parts.services());
            return Services.startAll(inOrder);
        } catch (InterruptedException e) {
            abandon(parts);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting", e);
        } catch (StoreException e) {
            abandon(parts);
            throw new NotNowException(e);
        } catch (IOException | RuntimeException e) {
            abandon(parts);
            throw e;
        }
    }

    private static void abandon(ServerParts parts) throws IOException {
        parts.listener.stop();
        if (parts.adminPort.isPresent()) {
            parts.adminPort.get().stop();
        }
        parts.metrics.ifPresent(Metrics::stop);
        if (parts.mrd.isPresent()) {
            parts.mrd.get().stop();
        }
    }

    private static void tellOfTheStart(ServerSettings settings, Path state, ServerParts parts) {
        warnOfPassingState(state);
        log.info(
                "ready: {} port {}, {} workers{}, script {}",
                settings.host(),
                parts.listener.port(),
                parts.workers.limit(),
                parts.queue.isDraining() ? ", draining" : "",
                settings.script().path());
        parts.adminPort.ifPresent(admin -> log.info("administration: {}", admin));
        parts.metrics.ifPresent(metrics -> log.info("metrics: {}", metrics));
        parts.mrd.ifPresent(mrd -> log.info("MRD: {} port {}", settings.mrd().host(), mrd.port()));
        parts.command.problem().ifPresent(problem -> log.warn("jobs will fail: {}", problem));
        if (settings.trustedAddresses().isAny()) {
            log.warn("TRUSTED_IPS is empty: any address may connect, only the key protects this server");
        }
        settings.notice().ifPresent(log::warn);
    }

    private static void warnOfPassingState(Path state) {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        if (state.startsWith(temporary)) {
            log.warn(
                    "STATE_DIR {} is below {}, which many systems empty when they start: accepted jobs would be lost;"
                            + " set STATE_DIR and the directories of the jobs to places that stay",
                    state,
                    temporary);
        }
    }

    /** The port in use, also when 0 was asked for. */
    public int port() {
        return parts.listener.port();
    }

    /** The port for administration; empty if there is none. */
    public OptionalInt adminPort() {
        return parts.adminPort.map(admin -> OptionalInt.of(admin.port())).orElseGet(OptionalInt::empty);
    }

    /** Takes over what has changed in the options, and logs what came of it. */
    public void reload(String by) {
        try {
            parts.reloading.reload(by);
        } catch (OptionsException e) {
            log.error("nothing was reloaded: {}", String.join("; ", e.problems()));
        } catch (IOException e) {
            log.error("nothing was reloaded, since it cannot be put on record: {}", e.getMessage());
        }
    }

    /** Stops accepting, lets running jobs end and their results go out within the grace; the rest waits for the next start. */
    @Override
    public void close() throws IOException {
        log.info("stopping");
        services.close();
        log.info("stopped");
    }
}
