package recon.common.job;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Whatever a peer calls a file, it lies directly in the directory it is put into, or it is refused. */
class FileNameFuzzTest {
    private static final Path DIRECTORY = Path.of("/srv/job");

    @FuzzTest(maxDuration = "30s")
    void anyName(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        inDirectory(() -> DIRECTORY.resolve(new FileName(text).value()), 1);
        inDirectory(() -> DIRECTORY.resolve(FileName.lastOf(text).value()), 1);
        inDirectory(() -> ResultPath.parse(text).resolveAgainst(DIRECTORY), ResultPath.MAX_DEPTH);
    }

    private interface Resolve {
        Path path();
    }

    private static void inDirectory(Resolve resolve, int maxDepth) {
        Path path;
        try {
            path = resolve.path();
        } catch (java.nio.file.InvalidPathException e) {
            throw new AssertionError("a name that is no path on this system was let through", e);
        } catch (IllegalArgumentException refused) {
            require(refused.getMessage().chars().noneMatch(Character::isISOControl), "a peer wrote a line of its own");
            return;
        }
        Path normal = path.normalize();
        require(normal.startsWith(DIRECTORY) && normal.equals(path), "outside: " + path);
        int depth = path.getNameCount() - DIRECTORY.getNameCount();
        require(depth >= 1 && depth <= maxDepth, "depth " + depth);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
