package recon.client.watch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import recon.client.submit.FileMark;

/**
 * Files that make one job.
 *
 * @param files the primary one first
 */
record Group(String stem, List<Sighting> files) {
    Group {
        files = List.copyOf(files);
    }

    List<String> names() {
        return files.stream().map(Sighting::name).toList();
    }

    Map<String, FileMark> marks() {
        Map<String, FileMark> marks = new LinkedHashMap<>();
        files.forEach(file -> marks.put(file.name(), file.mark()));
        return marks;
    }

    @Override
    public String toString() {
        return names().stream().collect(Collectors.joining(", "));
    }
}
