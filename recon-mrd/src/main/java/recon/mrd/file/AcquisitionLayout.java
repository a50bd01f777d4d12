package recon.mrd.file;

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
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.AcquisitionHeaderFormat;
import recon.mrd.format.AcquisitionHeaderReader;
import recon.mrd.format.HeaderField;
import recon.mrd.format.MrdException;

/**
 * Where a file keeps what within an element of {@code data}. Members are found by name, for the Python and the C++
 * library place them differently; what is not known is ignored.
 */
final class AcquisitionLayout {
    /** Bytes to move from an element to a packed header. */
    private record Copy(int from, int to, int bytes) {}

    private final List<Copy> copies = new ArrayList<>();
    private final int recordBytes;
    private final int trajectoryOffset;
    private final int dataOffset;

    AcquisitionLayout(DataType type) throws MrdException {
        if (!(type instanceof CompoundDataType record)) {
            throw new MrdException("no ISMRMRD acquisitions: the elements of data are not compounds");
        }
        recordBytes = type.getSize();
        CompoundDataMember head = member(record, "head");
        addFields(head.getDataType(), head.getOffset(), AcquisitionHeaderFormat.FIELDS, 0);
        trajectoryOffset = sequence(member(record, "traj"));
        dataOffset = sequence(member(record, "data"));
    }

    AcquisitionHeader header(ByteBuffer record) {
        ByteBuffer packed = ByteBuffer.allocate(AcquisitionHeaderFormat.BYTES);
        for (Copy copy : copies) {
            packed.put(copy.to, record.slice(copy.from, copy.bytes), 0, copy.bytes);
        }
        return AcquisitionHeaderReader.read(packed);
    }

    HeapReference trajectory(ByteBuffer record) {
        return HeapReference.read(record.position(trajectoryOffset));
    }

    HeapReference data(ByteBuffer record) {
        return HeapReference.read(record.position(dataOffset));
    }

    private void addFields(DataType type, int from, List<HeaderField> fields, int to) throws MrdException {
        if (!(type instanceof CompoundDataType compound)) {
            throw new MrdException("no ISMRMRD acquisitions: a header in data is not a compound");
        }
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
        if (from < 0 || from > recordBytes - bytes) {
            throw new MrdException("damaged HDF5 file: a member of data lies outside its element");
        }
        Copy last = copies.isEmpty() ? new Copy(0, 0, 0) : copies.get(copies.size() - 1);
        if (!copies.isEmpty() && last.from + last.bytes == from && last.to + last.bytes == to) {
            copies.set(copies.size() - 1, new Copy(last.from, last.to, last.bytes + bytes));
        } else {
            copies.add(new Copy(from, to, bytes));
        }
    }

    private static void check(HeaderField field, DataType type) throws MrdException {
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
            throw new MrdException("no ISMRMRD acquisitions: " + field.name() + " is not of type " + field.kind()
                    + " times " + field.count());
        }
        checkOrder(field.name(), element);
    }

    private int sequence(CompoundDataMember member) throws MrdException {
        if (!(member.getDataType() instanceof VariableLength sequence)
                || sequence.isVariableLengthString()
                || !(sequence.getParent() instanceof FloatingPoint value)
                || value.getSize() != Float.BYTES) {
            throw new MrdException("no ISMRMRD acquisitions: " + member.getName() + " is no sequence of 32-bit floats");
        }
        checkOrder(member.getName(), value);
        if (member.getOffset() < 0 || member.getOffset() > recordBytes - Datatypes.REFERENCE_BYTES) {
            throw new MrdException("damaged HDF5 file: a member of data lies outside its element");
        }
        return member.getOffset();
    }

    private static void checkOrder(String name, DataType type) throws MrdException {
        if (((OrderedDataType) type).getByteOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new MrdException(name + " is big-endian; ISMRMRD files are little-endian");
        }
    }

    private static CompoundDataMember member(CompoundDataType compound, String name) throws MrdException {
        for (CompoundDataMember member : compound.getMembers()) {
            if (member.getName().equals(name)) {
                return member;
            }
        }
        throw new MrdException("no ISMRMRD acquisitions: data has no member " + name);
    }
}
