package recon.client.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Rows in aligned columns, two spaces apart; below a row there may be a line of its own. */
final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** @param cells as many as in every row; fit for a terminal already */
    Table row(String... cells) {
        rows.add(Stream.of(cells).map(Printable::cell).toList());
        notes.add("");
        return this;
    }

    /** @param words below the last row; empty for nothing */
    void note(String words) {
        notes.set(notes.size() - 1, words);
    }

    List<String> lines() {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (int r = 0; r < rows.size(); r++) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = rows.get(r).get(i);
                line.append(cell).append(" ".repeat(widths[i] - cell.length())).append(GAP);
            }
            lines.add(line.toString().stripTrailing());
            if (!notes.get(r).isEmpty()) {
                lines.add(notes.get(r));
            }
        }
        return lines;
    }
}
