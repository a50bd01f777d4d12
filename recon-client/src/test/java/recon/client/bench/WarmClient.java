package recon.client.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import recon.client.ClientException;
import recon.client.ClientSettings;
import recon.client.ReconClient;
import recon.client.retry.Timing;
import recon.client.submit.InputFiles;
import recon.client.submit.JobListener;
import recon.client.submit.JobOutcome;
import recon.common.job.JobRequest;
import recon.common.job.Priority;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.wire.ReconOptionsJson;

/**
 * Submits the same job over and over and waits for its one result, which is like the file sent: by several ways in turn,
 * in one process, where the start of a program does not hide a few milliseconds.
 *
 * <pre>
 *   WarmClient OPTIONS TRANSPORT FILE DIRECTORY JSON WARM_UPS JOBS WAY=PORT...
 *
 *   JSON   the job's options; its results go to DIRECTORY, which is made
 *   JOBS   by each way, after so many WARM_UPS by each; prints "WAY ROUND MICROS" for each
 * </pre>
 */
final class WarmClient {
    private final JobRequest request;
    private final Path file;
    private final Path directory;
    private int results;

    private WarmClient(Path file, String json, Path directory) {
        this.request = InputFiles.request(List.of(file), ReconOptionsJson.parse(json));
        this.file = file;
        this.directory = directory;
    }

    public static void main(String[] args) throws IOException, OptionsException, ClientException {
        Map<String, ReconClient> clients = new LinkedHashMap<>();
        for (String way : List.of(args).subList(7, args.length)) {
            String[] parts = way.split("=", 2);
            Map<String, String> items = Map.of("SERVER_PORT", parts[1], "TRANSPORT", args[1]);
            ClientSettings settings = ClientSettings.from(Options.load(Path.of(args[0]), items, Map.of()));
            clients.put(parts[0], new ReconClient(settings, Timing.real(), line -> {}));
        }
        new WarmClient(Path.of(args[2]), args[4], Path.of(args[3]))
                .run(clients, Integer.parseInt(args[5]), Integer.parseInt(args[6]));
        clients.values().forEach(ReconClient::close);
    }

    /** Who comes first changes with every round. */
    private void run(Map<String, ReconClient> clients, int warmUps, int jobs) throws IOException, ClientException {
        List<String> turns = new ArrayList<>(clients.keySet());
        for (int round = 1 - warmUps; round <= jobs; round++) {
            for (String way : turns) {
                long micros = job(clients.get(way));
                if (round > 0) {
                    System.out.println(way + " " + round + " " + micros);
                }
            }
            Collections.reverse(turns);
        }
    }

    /** Returns the microseconds until the result is there. */
    private long job(ReconClient client) throws IOException, ClientException {
        Path downloads = directory.resolve(Integer.toString(++results));
        long start = System.nanoTime();
        JobOutcome outcome = client.run(request, Priority.NORMAL, downloads, Optional.empty(), new JobListener() {});
        long micros = (System.nanoTime() - start) / 1000;
        if (!(outcome instanceof JobOutcome.Completed completed)
                || completed.files().size() != 1
                || Files.mismatch(completed.files().get(0), file) >= 0) {
            throw new IOException("not what was expected: " + outcome);
        }
        return micros;
    }
}
