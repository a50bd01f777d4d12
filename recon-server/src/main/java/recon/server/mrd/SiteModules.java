package recon.server.mrd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import recon.common.job.FileName;
import recon.common.state.OwnDirectories;
import recon.mrd.format.MrdException;
import recon.mrd.session.SessionModule;
import recon.mrd.session.SessionModules;

/**
 * The executables of a site's directory, by their names, and where there is none of that name, other modules: so a site can
 * have its own in place of any. Looks anew for each session.
 */
final class SiteModules implements SessionModules {
    private static final String ITEM = "MRD_MODULES_DIR";

    private final Path directory;
    private final MrdSettings settings;
    private final SessionModules others;

    private SiteModules(Path directory, MrdSettings settings, SessionModules others) {
        this.directory = directory;
        this.settings = settings;
        this.others = others;
    }

    /**
     * @param others where there is no executable
     * @throws IOException if the directory is none, or other users can write to it, or there is no place for the logs
     */
    static SessionModules of(MrdSettings settings, SessionModules others) throws IOException {
        Optional<Path> directory = settings.modules().directory();
        if (directory.isEmpty()) {
            return others;
        }
        OwnDirectories.requireOnlyWriter(directory.get(), ITEM);
        OwnDirectories.make(settings.modules().logs(), "the logs of modules");
        return new SiteModules(directory.get(), settings, others);
    }

    @Override
    public Optional<SessionModule> named(String config) throws IOException {
        Optional<Path> program = program(config);
        if (program.isEmpty()) {
            return others.named(config);
        }
        if (!Files.isExecutable(program.get())) {
            throw new MrdException("module " + config + " cannot be run: " + program.get()
                    + " is not executable; run: chmod +x " + program.get());
        }
        OwnDirectories.requireOnlyWriter(program.get(), ITEM);
        return Optional.of(new ProgramModule(config, program.get(), settings.modules(), settings.maxMessageBytes()));
    }

    /** A client may send anything: a path, a configuration of megabytes. None of that comes near the file system. */
    private Optional<Path> program(String config) {
        if (config.length() > FileName.MAX_BYTES || config.startsWith(".")) {
            return Optional.empty();
        }
        try {
            return Optional.of(directory.resolve(new FileName(config).value())).filter(Files::isRegularFile);
        } catch (InvalidPathException e) {
            return Optional.empty(); // not to be written in this system's locale
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
