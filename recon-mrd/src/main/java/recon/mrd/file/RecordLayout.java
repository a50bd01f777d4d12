package recon.mrd.file;

import io.jhdf.api.Dataset;
import io.jhdf.object.datatype.ArrayDataType;
import io.jhdf.object.datatype.CompoundDataType;
import io.jhdf.object.datatype.CompoundDataType.CompoundDataMember;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.OrderedDataType;
import io.jhdf.object.datatype.VariableLength;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import recon.mrd.format.HeaderField;
import recon.mrd.format.MrdException;

/**
 * Where a file keeps what within an element of a dataset: a header and, of raw data, sequences beside it. Members are
 * found by name, for the Python and the C++ library place them differently; what is not known is ignored.
 */
final class RecordLayout {
    /** Bytes to move from an element to a packed header. */
    private record Copy(int from, int to, int bytes) {}

    private final String path;
    private final List<Copy> copies = new ArrayList<>();
    private final CompoundDataType record;
    private final int recordBytes;
    private final int headerBytes;

    private RecordLayout(Dataset dataset, int headerBytes) throws MrdException {
        this.path = dataset.getPath();
        this.record = compound(dataset.getDataType());
        this.recordBytes = record.getSize();
        this.headerBytes = headerBytes;
    }

    /** Elements that are headers. */
    static RecordLayout ofHeaders(Dataset dataset, List<HeaderField> fields, int headerBytes) throws MrdException {
        RecordLayout layout = new RecordLayout(dataset, headerBytes);
        layout.addFields(layout.record, 0, fields, 0);
        return layout;
    }

    /** Elements whose member {@code head} is a header. */
    static RecordLayout ofRecords(Dataset dataset, List<HeaderField> fields, int headerBytes) throws MrdException {
        RecordLayout layout = new RecordLayout(dataset, headerBytes);
        CompoundDataMember head = layout.member(layout.record, "head");
        layout.addFields(head.getDataType(), head.getOffset(), fields, 0);
        return layout;
    }

    /** The header of an element, packed. */
    ByteBuffer header(ByteBuffer element) {
        ByteBuffer packed = ByteBuffer.allocate(headerBytes);
        for (Copy copy : copies) {
            packed.put(copy.to, element.slice(copy.from, copy.bytes), 0, copy.bytes);
        }
        return packed;
    }

    /** Offset of a sequence of 32-bit floats. */
    int floats(String name) throws MrdException {
        return sequence(name, FloatingPoint.class, "floats");
    }

    /** Offset of a sequence of 32-bit integers. */
    int integers(String name) throws MrdException {
        return sequence(name, FixedPoint.class, "integers");
    }

    /** Whether an element has so many bytes and begins with the header as it is when packed. */
    boolean isLikeOurs(int bytes) {
        return recordBytes == bytes && copies.stream().allMatch(copy -> copy.from == copy.to);
    }

    private CompoundDataType compound(DataType type) throws MrdException {
        if (type instanceof CompoundDataType compound) {
            return compound;
        }
        throw new MrdException(path + " is not of ISMRMRD: its elements are not compounds");
    }

    private void addFields(DataType type, int from, List<HeaderField> fields, int to) throws MrdException {
        CompoundDataType compound = compound(type);
        for (HeaderField field : fields) {
            CompoundDataMember member = member(compound, field.name());
            int memberFrom = from + member.getOffset();
            if (field.kind() == HeaderField.Kind.NESTED) {
                addFields(member.getDataType(), memberFrom, field.nested(), to + field.offset());
            } else {
                check(field, member.getDataType());
                addCopy(memberFrom, to + field.offset(), field.bytes());
            }
        }
    }

    private void addCopy(int from, int to, int bytes) throws MrdException {
        checkInside(from, bytes);
        Copy last = copies.isEmpty() ? new Copy(0, 0, 0) : copies.get(copies.size() - 1);
        if (!copies.isEmpty() && last.from + last.bytes == from && last.to + last.bytes == to) {
            copies.set(copies.size() - 1, new Copy(last.from, last.to, last.bytes + bytes));
        } else {
            copies.add(new Copy(from, to, bytes));
        }
    }

    private void checkInside(int from, int bytes) throws MrdException {
        if (from < 0 || from > recordBytes - bytes) {
            throw new MrdException("damaged HDF5 file: a member of " + path + " lies outside its element");
        }
    }

    private void check(HeaderField field, DataType type) throws MrdException {
        DataType element = type;
        int count = 1;
        if (type instanceof ArrayDataType array) {
            element = array.getBaseType();
            for (int size : array.getArrayTypeDimensions()) {
                count = Math.multiplyExact(count, size);
            }
        }
        boolean rightClass =
                field.kind() == HeaderField.Kind.F32 ? element instanceof FloatingPoint : element instanceof FixedPoint;
        if (!rightClass
                || count != field.count()
                || element.getSize() != field.kind().bytes()) {
            throw new MrdException(path + " is not of ISMRMRD: " + field.name() + " is not of type " + field.kind()
                    + " times " + field.count());
        }
        checkOrder(field.name(), element);
    }

    private int sequence(String name, Class<? extends DataType> valueClass, String values) throws MrdException {
        CompoundDataMember member = member(record, name);
        if (!(member.getDataType() instanceof VariableLength sequence)
                || sequence.isVariableLengthString()
                || !valueClass.isInstance(sequence.getParent())
                || sequence.getParent().getSize() != Integer.BYTES) {
            throw new MrdException(path + " is not of ISMRMRD: " + name + " is no sequence of 32-bit " + values);
        }
        checkOrder(name, sequence.getParent());
        checkInside(member.getOffset(), Datatypes.REFERENCE_BYTES);
        return member.getOffset();
    }

    static void checkOrder(String name, DataType type) throws MrdException {
        if (((OrderedDataType) type).getByteOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new MrdException(name + " is big-endian; ISMRMRD files are little-endian");
        }
    }

    private CompoundDataMember member(CompoundDataType compound, String name) throws MrdException {
        for (CompoundDataMember member : compound.getMembers()) {
            if (member.getName().equals(name)) {
                return member;
            }
        }
        throw new MrdException(path + " is not of ISMRMRD: it has no member " + name);
    }
}
