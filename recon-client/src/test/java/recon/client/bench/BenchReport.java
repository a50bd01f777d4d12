package recon.client.bench;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Prints what {@code scripts/bench} measured as one table, and writes it as JSON with every single run.
 *
 * <pre>
 *   BenchReport RUNS JSON
 *
 *   lines of RUNS, with tabs between:
 *   ways        WAY  WAY...                              before all runs: the first is compared with each of the others
 *   fact        NAME  VALUE                              of the machine, or how it was measured
 *   run         WHAT  UNIT  WAY  ROUND  BYTES  MICROS    UNIT: MB/s, s or ms
 *   quotient    NAME  WHAT  WHAT                         time of the first by time of the second
 *   difference  NAME  WHAT  WAY                          how much longer the first way takes than this one
 *   memory      WHAT  KIB
 * </pre>
 */
final class BenchReport {
    private static final String QUOTIENT = "x";

    /** One row: for each way the seconds of its runs (or a quotient or difference of them), by round. */
    private record Measurement(String unit, long bytes, Map<String, SortedMap<Integer, Double>> runs) {
        static Measurement empty(List<String> ways, String unit, long bytes) {
            Map<String, SortedMap<Integer, Double>> runs = new LinkedHashMap<>();
            ways.forEach(way -> runs.put(way, new TreeMap<>()));
            return new Measurement(unit, bytes, runs);
        }

        SortedMap<Integer, Double> of(String way) {
            return runs.get(way);
        }

        private boolean isSpeed() {
            return unit.equals("MB/s");
        }

        /** The median in the unit of the row. */
        OptionalDouble figure(String way) {
            OptionalDouble median = median(List.copyOf(of(way).values()));
            if (median.isEmpty()) {
                return median;
            }
            double seconds = median.getAsDouble();
            return OptionalDouble.of(
                    switch (unit) {
                        case "MB/s" -> bytes / seconds / 1e6;
                        case "ms" -> seconds * 1e3;
                        default -> seconds;
                    });
        }

        /** The median of the ratios of the one way's figure to the other's of the same round. */
        OptionalDouble ratio(String way, String other) {
            List<Double> ratios = new ArrayList<>();
            of(way).forEach((round, seconds) -> {
                Double others = of(other).get(round);
                if (others != null) {
                    ratios.add(isSpeed() ? others / seconds : seconds / others);
                }
            });
            return median(ratios);
        }
    }

    private List<String> ways = List.of();
    private final Map<String, String> facts = new LinkedHashMap<>();
    private final Map<String, Measurement> measurements = new LinkedHashMap<>();
    private final Map<String, Long> memoryKib = new LinkedHashMap<>();

    public static void main(String[] args) throws IOException {
        BenchReport report = new BenchReport();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            report.take(line.split("\t", -1));
        }
        report.print();
        report.write(Path.of(args[1]));
    }

    private void take(String[] line) {
        switch (line[0]) {
            case "ways" -> ways = List.of(line).subList(1, line.length);
            case "fact" -> facts.put(line[1], line[2]);
            case "run" ->
                measurements
                        .computeIfAbsent(line[1], what -> Measurement.empty(ways, line[2], Long.parseLong(line[5])))
                        .of(line[3])
                        .put(Integer.valueOf(line[4]), Long.parseLong(line[6]) / 1e6);
            case "quotient" ->
                measurements.put(line[1], quotient(measurements.get(line[2]), measurements.get(line[3])));
            case "difference" -> measurements.put(line[1], difference(measurements.get(line[2]), line[3]));
            case "memory" -> memoryKib.put(line[1], Long.valueOf(line[2]));
            default -> throw new IllegalArgumentException("unknown line: " + String.join(" ", line));
        }
    }

    private Measurement quotient(Measurement dividend, Measurement divisor) {
        Measurement quotient = Measurement.empty(ways, QUOTIENT, 0);
        for (String way : ways) {
            dividend.of(way)
                    .forEach((round, seconds) -> quotient.of(way)
                            .put(round, seconds / divisor.of(way).get(round)));
        }
        return quotient;
    }

    private Measurement difference(Measurement of, String other) {
        Measurement difference = Measurement.empty(ways, of.unit(), 0);
        of.of(ways.get(0))
                .forEach((round, seconds) -> difference
                        .of(ways.get(0))
                        .put(round, seconds - of.of(other).get(round)));
        return difference;
    }

    private static OptionalDouble median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int n = sorted.size();
        return n == 0 ? OptionalDouble.empty() : OptionalDouble.of((sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2);
    }

    private void print() {
        List<String> others = ways.subList(1, ways.size());
        String first = ways.get(0);
        List<String> head = new ArrayList<>(ways);
        others.forEach(other -> head.add(first + "/" + other));
        print("what", "unit", head, "rounds");
        measurements.forEach((what, of) -> {
            List<String> figures = new ArrayList<>();
            ways.forEach(way -> figures.add(text(of.figure(way))));
            others.forEach(other -> figures.add(text(of.ratio(first, other))));
            print(what, of.unit(), figures, String.valueOf(of.of(first).size()));
        });
        memoryKib.forEach((what, kib) -> print(what, "MB", List.of(String.valueOf(kib * 1024 / 1_000_000)), ""));
    }

    private void print(String what, String unit, List<String> figures, String rounds) {
        StringBuilder row = new StringBuilder(String.format("%-36s %-5s", what, unit));
        for (int i = 0; i < 2 * ways.size() - 1; i++) {
            row.append(String.format(" %12s", i < figures.size() ? figures.get(i) : ""));
        }
        System.out.println(row.append(String.format(" %7s", rounds)).toString().stripTrailing());
    }

    private static String text(OptionalDouble value) {
        if (value.isEmpty()) {
            return "-";
        }
        return String.format(Locale.ROOT, value.getAsDouble() < 100 ? "%.2f" : "%.0f", value.getAsDouble());
    }

    private void write(Path file) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            json.writeStartObject();
            for (Map.Entry<String, String> fact : facts.entrySet()) {
                json.writeStringField(fact.getKey(), fact.getValue());
            }
            json.writeArrayFieldStart("measurements");
            for (Map.Entry<String, Measurement> entry : measurements.entrySet()) {
                writeMeasurement(json, entry.getKey(), entry.getValue());
            }
            json.writeEndArray();
            json.writeObjectFieldStart("memory_kib");
            for (Map.Entry<String, Long> memory : memoryKib.entrySet()) {
                json.writeNumberField(memory.getKey(), memory.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    private void writeMeasurement(JsonGenerator json, String what, Measurement of) throws IOException {
        json.writeStartObject();
        json.writeStringField("what", what);
        json.writeStringField("unit", of.unit());
        if (of.bytes() > 0) {
            json.writeNumberField("bytes", of.bytes());
        }
        for (String way : ways) {
            if (of.of(way).isEmpty()) {
                continue;
            }
            json.writeObjectFieldStart(way);
            json.writeNumberField("median", of.figure(way).getAsDouble());
            json.writeArrayFieldStart(of.unit().equals(QUOTIENT) ? "quotients" : "seconds");
            for (double seconds : of.of(way).values()) {
                json.writeNumber(seconds);
            }
            json.writeEndArray();
            OptionalDouble ratio = of.ratio(ways.get(0), way);
            if (ratio.isPresent() && !way.equals(ways.get(0))) {
                json.writeNumberField(ways.get(0) + "_by_" + way, ratio.getAsDouble());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }
}
