package recon.client.watch;

import recon.client.submit.FileMark;

/**
 * A file of the directory, as it was when it was looked at.
 *
 * @param rank the number of the pattern that it matches, or {@link #OPTIONS}
 */
record Sighting(String name, FileMark mark, int rank) {
    /** The rank of {@code STEM.json}, which holds the options of the files with that stem. */
    static final int OPTIONS = Integer.MAX_VALUE;

    static final String OPTIONS_SUFFIX = ".json";

    /** The name without its last extension. */
    String stem() {
        return stem(name);
    }

    static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
