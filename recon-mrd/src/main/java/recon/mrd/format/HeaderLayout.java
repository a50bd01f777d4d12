package recon.mrd.format;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.List;
import recon.mrd.format.HeaderField.Kind;

/** Packs the fields of a header one behind the other. */
final class HeaderLayout {
    private final List<HeaderField> fields = new ArrayList<>();
    private int offset;

    @CanIgnoreReturnValue
    HeaderLayout add(String name, Kind kind, int count) {
        return add(new HeaderField(name, offset, kind, count, List.of()));
    }

    @CanIgnoreReturnValue
    HeaderLayout nest(String name, List<HeaderField> nested) {
        return add(new HeaderField(name, offset, Kind.NESTED, 1, nested));
    }

    /** Leaves bytes unused, as a compiler does that puts the next field at a multiple of its size. */
    @CanIgnoreReturnValue
    HeaderLayout skip(int bytes) {
        offset += bytes;
        return this;
    }

    private HeaderLayout add(HeaderField field) {
        fields.add(field);
        offset += field.bytes();
        return this;
    }

    List<HeaderField> fields() {
        return List.copyOf(fields);
    }
}
