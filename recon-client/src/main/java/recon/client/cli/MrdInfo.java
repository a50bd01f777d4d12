package recon.client.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import recon.mrd.file.GroupSummary;
import recon.mrd.file.MrdReader;
import recon.mrd.format.MrdException;

/** Tells what is in an ISMRMRD file. */
@Command(
        name = "info",
        description = {
            "Print what is in an ISMRMRD .h5 file: header, readouts, waveforms, images, configuration.",
            "With --json, one line for each group."
        },
        footer = "  java -jar recon-client.jar mrd info phantom.h5")
final class MrdInfo extends MrdTool {
    @Parameters(paramLabel = "FILE", description = "ISMRMRD file.")
    private Path file;

    @Option(
            names = {"-g", "--group"},
            paramLabel = "GROUP",
            description = "Only this group of the file (default: all).")
    private String group;

    @Override
    public Integer call() throws IOException {
        List<String> groups = MrdFiles.groups(file);
        if (group != null && !groups.contains(group)) {
            throw usage(MrdFiles.noGroup(file, group, groups));
        }
        MrdInfoPrinter printer = new MrdInfoPrinter(console().out(), file);
        int code = ExitCode.DONE;
        for (String name : group == null ? groups : List.of(group)) {
            try (MrdReader in = MrdReader.open(file, name)) {
                GroupSummary summary = GroupSummary.of(in);
                if (console().style().json()) {
                    printer.json(summary);
                } else {
                    printer.words(summary);
                }
            } catch (MrdException e) { // the others may be whole
                code = console().fail(ExitCode.JOB_FAILED, e);
            }
        }
        return code;
    }
}
