package recon.server;

@picocli.CommandLine.Command(name = "reconstruct")
final class ReconstructCommand {
    static final String NAME = "reconstruct";
}
