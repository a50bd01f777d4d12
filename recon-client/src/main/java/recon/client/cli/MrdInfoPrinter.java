package recon.client.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import recon.common.wire.PayloadWriter;
import recon.mrd.file.GroupSummary;
import recon.mrd.format.ImageType;
import recon.mrd.format.MrdHeader;

/** Prints summaries of ISMRMRD files, for people and for programs. */
final class MrdInfoPrinter {
    private final PrintWriter out;
    private final Path file;

    MrdInfoPrinter(PrintWriter out, Path file) {
        this.out = out;
        this.file = file;
    }

    void words(GroupSummary summary) {
        out.println(Printable.cell(file + ", group " + summary.group()));
        Table table = new Table();
        summary.header().ifPresent(header -> header(table, header));
        summary.headerProblem().ifPresent(problem -> table.row("", "header", problem));
        summary.readouts().ifPresent(readouts -> readouts(table, readouts));
        for (GroupSummary.Waveforms waveforms : summary.waveforms()) {
            table.row(
                    "",
                    "waveform " + waveforms.id(),
                    Words.count(waveforms.count(), "piece") + " of " + Words.count(waveforms.channels(), "channel"));
        }
        for (GroupSummary.Series series : summary.series()) {
            table.row(
                    "",
                    series.name(),
                    Words.count(series.count(), "image") + ", " + size(series) + ", " + series.pixelType()
                            + (series.count() == 0 ? "" : ", " + String.join(" and ", types(series))));
        }
        summary.texts().forEach((kind, length) -> table.row("", kind.dataset(), length + " characters"));
        table.lines().forEach(out::println);
    }

    private static void header(Table table, MrdHeader header) {
        MrdHeader.AcquisitionSystem system = header.system();
        row(
                table,
                "system",
                Stream.of(
                        system.vendor(),
                        system.model(),
                        text(system.fieldStrengthT(), " T"),
                        system.institutionName(),
                        system.stationName()));
        MrdHeader.Measurement measurement = header.measurement();
        row(table, "protocol", Stream.of(measurement.protocolName(), measurement.seriesDescription()));
        row(table, "patient position", Stream.of(measurement.patientPosition()));
        for (int i = 0; i < header.encodings().size(); i++) {
            MrdHeader.Encoding encoding = header.encodings().get(i);
            String number = header.encodings().size() == 1 ? "" : " " + i;
            table.row(
                    "",
                    "encoding" + number,
                    encoding.trajectory() + ", encoded " + space(encoding.encodedSpace())
                            + ", reconstructed " + space(encoding.reconSpace())
                            + (encoding.accelerationFactor1() * encoding.accelerationFactor2() == 1
                                    ? ""
                                    : ", acceleration " + encoding.accelerationFactor1() + " x "
                                            + encoding.accelerationFactor2()));
        }
    }

    private static void row(Table table, String name, Stream<Optional<String>> words) {
        String text = words.flatMap(Optional::stream).distinct().collect(Collectors.joining(", "));
        if (!text.isEmpty()) {
            table.row("", name, text);
        }
    }

    private static Optional<String> text(OptionalDouble number, String unit) {
        return number.isPresent() ? Optional.of(decimal(number.getAsDouble()) + unit) : Optional.empty();
    }

    private static String decimal(double value) {
        return Double.isFinite(value)
                ? new BigDecimal(value)
                        .round(new MathContext(4))
                        .stripTrailingZeros()
                        .toPlainString()
                : "?";
    }

    private static String space(MrdHeader.Space space) {
        return space.x() + " x " + space.y() + " x " + space.z() + " (" + decimal(space.fieldOfViewXMm()) + " x "
                + decimal(space.fieldOfViewYMm()) + " x " + decimal(space.fieldOfViewZMm()) + " mm)";
    }

    private static void readouts(Table table, GroupSummary.Readouts readouts) {
        List<String> special = new ArrayList<>();
        if (readouts.noiseScans() > 0) {
            special.add(Words.count(readouts.noiseScans(), "noise scan"));
        }
        if (readouts.otherScans() > 0) {
            special.add(readouts.otherScans() + " of calibration, navigation and the like");
        }
        table.row(
                "",
                "readouts",
                readouts.count() + (special.isEmpty() ? "" : " with " + String.join(" and ", special))
                        + (readouts.slices() == 0 ? "" : ", " + readouts.samples() + " samples") + ", "
                        + Words.count(readouts.coils(), "coil")
                        + (readouts.trajectoryDimensions() == 0
                                ? ""
                                : ", trajectory of " + Words.count(readouts.trajectoryDimensions(), "dimension")));
        if (readouts.slices() == 0) { // none that makes an image
            return;
        }
        String lines = readouts.fewestLines() == readouts.mostLines()
                ? Integer.toString(readouts.mostLines())
                : readouts.fewestLines() + " to " + readouts.mostLines();
        List<String> counters = new ArrayList<>();
        counters.add(lines + (readouts.slices() == 1 ? " in 1 slice" : " in each of " + readouts.slices() + " slices"));
        readouts.counters().forEach((name, count) -> counters.add(count + " " + name));
        table.row("", "lines", String.join(", ", counters));
    }

    private static String size(GroupSummary.Series series) {
        return series.columns() + " x " + series.rows() + (series.slices() == 1 ? "" : " x " + series.slices())
                + (series.channels() == 1 ? "" : ", " + series.channels() + " channels");
    }

    private static List<String> types(GroupSummary.Series series) {
        return series.imageTypes().stream().map(MrdInfoPrinter::type).toList();
    }

    private static String type(int type) {
        return switch (type) {
            case ImageType.UNKNOWN -> "unknown type";
            case ImageType.MAGNITUDE -> "magnitude";
            case ImageType.PHASE -> "phase";
            case ImageType.REAL -> "real";
            case ImageType.IMAGINARY -> "imaginary";
            case ImageType.COMPLEX -> "complex";
            case ImageType.RGB -> "rgb";
            default -> "type " + type;
        };
    }

    void json(GroupSummary summary) {
        JsonReport.print(out, "mrd_group", fields -> {
            fields.text("path", file.toString());
            fields.text("group", summary.group());
            summary.header().ifPresent(header -> fields.object("header", to -> header(to, header)));
            summary.headerProblem().ifPresent(problem -> fields.text("header_problem", problem));
            summary.readouts().ifPresent(readouts -> fields.object("readouts", to -> readouts(to, readouts)));
            fields.objects(
                    "waveforms",
                    summary.waveforms().stream().map(MrdInfoPrinter::waveforms).toList());
            fields.objects(
                    "images",
                    summary.series().stream().map(MrdInfoPrinter::series).toList());
            fields.object("texts", to -> summary.texts().forEach((kind, length) -> to.number(kind.dataset(), length)));
        });
    }

    private static void header(PayloadWriter to, MrdHeader header) {
        MrdHeader.AcquisitionSystem system = header.system();
        system.vendor().ifPresent(text -> to.text("vendor", text));
        system.model().ifPresent(text -> to.text("model", text));
        system.fieldStrengthT().ifPresent(tesla -> to.decimal("field_strength_t", tesla));
        system.institutionName().ifPresent(text -> to.text("institution", text));
        system.stationName().ifPresent(text -> to.text("station", text));
        header.measurement().protocolName().ifPresent(text -> to.text("protocol", text));
        header.measurement().seriesDescription().ifPresent(text -> to.text("series_description", text));
        header.measurement().patientPosition().ifPresent(text -> to.text("patient_position", text));
        to.objects(
                "encodings",
                header.encodings().stream().map(MrdInfoPrinter::encoding).toList());
    }

    private static Consumer<PayloadWriter> encoding(MrdHeader.Encoding encoding) {
        return to -> {
            to.text("trajectory", encoding.trajectory());
            to.object("encoded", space -> space(space, encoding.encodedSpace()));
            to.object("recon", space -> space(space, encoding.reconSpace()));
            to.number("acceleration_1", encoding.accelerationFactor1());
            to.number("acceleration_2", encoding.accelerationFactor2());
        };
    }

    private static void space(PayloadWriter to, MrdHeader.Space space) {
        to.number("x", space.x());
        to.number("y", space.y());
        to.number("z", space.z());
        to.decimal("fov_x_mm", space.fieldOfViewXMm());
        to.decimal("fov_y_mm", space.fieldOfViewYMm());
        to.decimal("fov_z_mm", space.fieldOfViewZMm());
    }

    private static void readouts(PayloadWriter to, GroupSummary.Readouts readouts) {
        to.number("count", readouts.count());
        to.number("noise_scans", readouts.noiseScans());
        to.number("other_scans", readouts.otherScans());
        to.number("coils", readouts.coils());
        to.number("samples", readouts.samples());
        to.number("trajectory_dimensions", readouts.trajectoryDimensions());
        to.number("slices", readouts.slices());
        to.number("fewest_lines_per_slice", readouts.fewestLines());
        to.number("most_lines_per_slice", readouts.mostLines());
        readouts.counters().forEach(to::number);
    }

    private static Consumer<PayloadWriter> waveforms(GroupSummary.Waveforms waveforms) {
        return to -> {
            to.number("id", waveforms.id());
            to.number("count", waveforms.count());
            to.number("channels", waveforms.channels());
        };
    }

    private static Consumer<PayloadWriter> series(GroupSummary.Series series) {
        return to -> {
            to.text("name", series.name());
            to.number("count", series.count());
            to.number("columns", series.columns());
            to.number("rows", series.rows());
            to.number("slices", series.slices());
            to.number("channels", series.channels());
            to.text("pixel_type", series.pixelType().name().toLowerCase(Locale.ROOT));
            to.texts("image_types", types(series));
        };
    }
}
