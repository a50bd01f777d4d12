package recon.client.cli;

import recon.client.ClientSettings;
import recon.client.ReconClient;

/** What an action of the command line works with. */
record Session(ClientSettings settings, ClientConsole console, Surroundings surroundings) {
    /** A client of its own; whoever asks for it closes it. */
    ReconClient newClient() {
        boolean verbose = console.style().verbose();
        return new ReconClient(
                settings, surroundings.timing(), verbose ? line -> console.tell(Printable.cell(line)) : line -> {});
    }
}
