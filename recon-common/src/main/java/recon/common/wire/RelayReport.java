package recon.common.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import recon.common.job.JobId;

/** What a relay alone answers to administrators. Times are text as in {@link Report}; empty where there is none. */
public sealed interface RelayReport extends AdminReport {
    /** Reads the report of that name, or returns null if there is none. */
    static RelayReport readOrNull(String name, Payload params) throws ProtocolException {
        return switch (name) {
            case Status.NAME -> Status.read(params);
            case Backends.NAME -> Backends.read(params);
            case Clients.NAME -> Clients.read(params);
            default -> null;
        };
    }

    /**
     * How the relay is.
     *
     * @param uptime as {@code 00h 00m 56s}
     * @param clients how many are connected and have said what they want
     * @param healthy how many of the servers answer
     * @param draining how many of those get no new jobs
     * @param backends how many servers there are
     */
    record Status(String uptime, String version, int clients, int healthy, int draining, int backends)
            implements RelayReport {
        static final String NAME = "relay_status_response";

        static Status read(Payload params) throws ProtocolException {
            return new Status(
                    params.text("relay_uptime"),
                    params.textOr("version", ""),
                    params.count("clients"),
                    params.count("healthy_backends"),
                    params.countOr("draining_backends", 0),
                    params.count("all_backends"));
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            params.text("relay_uptime", uptime);
            params.text("version", version);
            params.number("clients", clients);
            params.number("healthy_backends", healthy);
            params.number("draining_backends", draining);
            params.number("all_backends", backends);
        }
    }

    /** The servers behind the relay, in the order of its options. */
    record Backends(List<Backend> backends) implements RelayReport {
        static final String NAME = "backends_response";

        public Backends {
            backends = List.copyOf(backends);
        }

        /**
         * One of them.
         *
         * @param loadPercent waiting, running and coming jobs for each 100 workers
         * @param latencyMillis how long its last status query took that was answered
         * @param lastError of whenever it failed last, or empty
         * @param lastErrorAtUtc when that was
         */
        public record Backend(
                Report.ServerStatus.Backend server,
                long loadPercent,
                long latencyMillis,
                String lastError,
                String lastErrorAtUtc) {
            static Backend read(Payload backend) throws ProtocolException {
                return new Backend(
                        Report.ServerStatus.Backend.read(backend),
                        backend.number("load_percent"),
                        backend.number("latency_ms"),
                        backend.textOr("last_error", ""),
                        backend.textOr("last_error_at_utc", ""));
            }

            public void write(PayloadWriter fields) {
                server.write(fields);
                fields.number("load_percent", loadPercent);
                fields.number("latency_ms", latencyMillis);
                fields.text("last_error", lastError);
                fields.text("last_error_at_utc", lastErrorAtUtc);
            }
        }

        static Backends read(Payload params) throws ProtocolException {
            List<Backend> backends = new ArrayList<>();
            for (Payload backend : params.objectsOrNone("backends")) {
                backends.add(Backend.read(backend));
            }
            return new Backends(backends);
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            List<Consumer<PayloadWriter>> elements = new ArrayList<>();
            for (Backend backend : backends) {
                elements.add(backend::write);
            }
            params.objects("backends", elements);
        }
    }

    /** Who is connected now and has said what they want, the longest there first. */
    record Clients(List<Client> clients) implements RelayReport {
        static final String NAME = "clients_response";

        public Clients {
            clients = List.copyOf(clients);
        }

        /**
         * One connection.
         *
         * @param owner the name of its key
         * @param transport {@code fernet} or {@code tls}
         * @param command what it has asked for
         * @param job which job it is about, once that is known
         * @param backend the server that it talks to through the relay, or empty
         */
        public record Client(
                String address,
                String owner,
                String transport,
                String sinceUtc,
                String command,
                Optional<JobId> job,
                String backend) {
            static Client read(Payload client) throws ProtocolException {
                return new Client(
                        client.text("address"),
                        client.textOr("owner", ""),
                        client.textOr("transport", ""),
                        client.textOr("since_utc", ""),
                        client.textOr("command_name", ""),
                        client.jobIdOrNone("job_id"),
                        client.textOr("backend", ""));
            }

            public void write(PayloadWriter fields) {
                fields.text("address", address);
                fields.text("owner", owner);
                fields.text("transport", transport);
                fields.text("since_utc", sinceUtc);
                fields.text("command_name", command);
                job.ifPresent(id -> fields.text("job_id", id.toString()));
                fields.text("backend", backend);
            }
        }

        static Clients read(Payload params) throws ProtocolException {
            List<Client> clients = new ArrayList<>();
            for (Payload client : params.objectsOrNone("clients")) {
                clients.add(Client.read(client));
            }
            return new Clients(clients);
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            List<Consumer<PayloadWriter>> elements = new ArrayList<>();
            for (Client client : clients) {
                elements.add(client::write);
            }
            params.objects("clients", elements);
        }
    }
}
