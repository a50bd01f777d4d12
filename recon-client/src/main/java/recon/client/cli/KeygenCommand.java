package recon.client.cli;

import java.security.SecureRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import recon.common.crypto.SharedKey;

/** Prints a new shared key. */
@Command(
        name = "keygen",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Print a new key. Set it as SHARED_KEY in the recon.opts of the server and of every client.")
final class KeygenCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        try (SharedKey key = SharedKey.generate(new SecureRandom())) {
            spec.commandLine().getOut().println(key.text());
        }
    }
}
