package recon.client.cli;

import picocli.CommandLine.IVersionProvider;

/** Prints the version that the jar's manifest states. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {"recon-client " + (version == null ? "(not packaged)" : version)};
    }
}
