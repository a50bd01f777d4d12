package recon.client.cli;

import java.io.PrintWriter;
import java.security.SecureRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import recon.common.crypto.SharedKey;

/** Prints a new shared key. */
@Command(
        name = "keygen",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Print a new key. Set it as SHARED_KEY in the recon.opts of the server and of every client.")
final class KeygenCommand implements Runnable {
    @ParentCommand
    private ReconClientMain main;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        try (SharedKey key = SharedKey.generate(new SecureRandom())) {
            PrintWriter out = spec.commandLine().getOut();
            if (main.json()) {
                JsonReport.print(out, "key", fields -> fields.text("shared_key", key.text()));
            } else {
                out.println(key.text());
            }
        }
    }
}
