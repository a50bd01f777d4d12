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
 * Prints what {@code scripts/bench transfer} measured as one table, and writes it as JSON with every single run.
 *
 * <pre>
 *   TransferReport RUNS JSON
 *
 *   lines of RUNS, with tabs between:
 *   fact      NAME  VALUE                              of the machine, or how it was measured
 *   run       WHAT  UNIT  WAY  ROUND  BYTES  MICROS    UNIT: MB/s or s; WAY: recon, scp or tcp
 *   quotient  NAME  WHAT  WHAT                         time of the first by time of the second
 *   memory    WHAT  KIB
 * </pre>
 */
final class TransferReport {
    private static final List<String> WAYS = List.of("recon", "scp", "tcp");
    private static final String QUOTIENT = "x";

    /** One row: for each way the seconds of its runs (or a quotient of them), by round. */
    private record Measurement(String unit, long bytes, Map<String, SortedMap<Integer, Double>> runs) {
        static Measurement empty(String unit, long bytes) {
            Map<String, SortedMap<Integer, Double>> runs = new LinkedHashMap<>();
            WAYS.forEach(way -> runs.put(way, new TreeMap<>()));
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
            return isSpeed() && median.isPresent() ? OptionalDouble.of(bytes / median.getAsDouble() / 1e6) : median;
        }

        /** The median of the ratios of recon's figure to the other's of the same round. */
        OptionalDouble ratioTo(String other) {
            List<Double> ratios = new ArrayList<>();
            of("recon").forEach((round, seconds) -> {
                Double others = of(other).get(round);
                if (others != null) {
                    ratios.add(isSpeed() ? others / seconds : seconds / others);
                }
            });
            return median(ratios);
        }
    }

    private final Map<String, String> facts = new LinkedHashMap<>();
    private final Map<String, Measurement> measurements = new LinkedHashMap<>();
    private final Map<String, Long> memoryKib = new LinkedHashMap<>();

    public static void main(String[] args) throws IOException {
        TransferReport report = new TransferReport();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            report.take(line.split("\t", -1));
        }
        report.print();
        report.write(Path.of(args[1]));
    }

    private void take(String[] line) {
        switch (line[0]) {
            case "fact" -> facts.put(line[1], line[2]);
            case "run" ->
                measurements
                        .computeIfAbsent(line[1], what -> Measurement.empty(line[2], Long.parseLong(line[5])))
                        .of(line[3])
                        .put(Integer.valueOf(line[4]), Long.parseLong(line[6]) / 1e6);
            case "quotient" ->
                measurements.put(line[1], quotient(measurements.get(line[2]), measurements.get(line[3])));
            case "memory" -> memoryKib.put(line[1], Long.valueOf(line[2]));
            default -> throw new IllegalArgumentException("unknown line: " + String.join(" ", line));
        }
    }

    private static Measurement quotient(Measurement dividend, Measurement divisor) {
        Measurement quotient = Measurement.empty(QUOTIENT, 0);
        for (String way : WAYS) {
            dividend.of(way)
                    .forEach((round, seconds) -> quotient.of(way)
                            .put(round, seconds / divisor.of(way).get(round)));
        }
        return quotient;
    }

    private static OptionalDouble median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int n = sorted.size();
        return n == 0 ? OptionalDouble.empty() : OptionalDouble.of((sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2);
    }

    private void print() {
        String row = "%-36s %-5s %9s %9s %9s %10s %10s %7s%n";
        System.out.printf(row, "what", "unit", "recon", "scp", "tcp", "recon/scp", "recon/tcp", "rounds");
        measurements.forEach((what, of) -> System.out.printf(
                row,
                what,
                of.unit(),
                text(of.figure("recon")),
                text(of.figure("scp")),
                text(of.figure("tcp")),
                text(of.ratioTo("scp")),
                text(of.ratioTo("tcp")),
                of.of("recon").size()));
        memoryKib.forEach(
                (what, kib) -> System.out.printf(row, what, "MB", kib * 1024 / 1_000_000, "", "", "", "", ""));
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
            json.writeObjectFieldStart("peak_memory_kib");
            for (Map.Entry<String, Long> memory : memoryKib.entrySet()) {
                json.writeNumberField(memory.getKey(), memory.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    private static void writeMeasurement(JsonGenerator json, String what, Measurement of) throws IOException {
        json.writeStartObject();
        json.writeStringField("what", what);
        json.writeStringField("unit", of.unit());
        if (of.bytes() > 0) {
            json.writeNumberField("bytes", of.bytes());
        }
        for (String way : WAYS) {
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
            if (of.ratioTo(way).isPresent() && !way.equals("recon")) {
                json.writeNumberField("recon_by_" + way, of.ratioTo(way).getAsDouble());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }
}
