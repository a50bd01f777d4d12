package recon.mrd.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.ExternalTool;
import recon.mrd.format.Image;
import recon.mrd.format.MrdItem;
import recon.mrd.format.PixelType;
import recon.mrd.format.Waveform;

/** The C++ library itself, called from Python, for its programs neither read waveforms nor all types of pixels. */
class CppLibraryIT {
    private static final String SCRIPT = """
            import ctypes as c, ctypes.util, sys
            lib = c.CDLL(ctypes.util.find_library('ismrmrd'))
            class Dataset(c.Structure):
                _fields_ = [('filename', c.c_char_p), ('group', c.c_char_p), ('file', c.c_int64)]
            class Waveform(c.Structure):
                _fields_ = [('version', c.c_uint16), ('flags', c.c_uint64), ('uid', c.c_uint32),
                            ('counter', c.c_uint32), ('time', c.c_uint32), ('samples', c.c_uint16),
                            ('channels', c.c_uint16), ('dwell', c.c_float), ('id', c.c_uint16),
                            ('data', c.POINTER(c.c_uint32))]
            class Image(c.Structure):
                _pack_ = 1
                _fields_ = [('head', c.c_uint8 * 198), ('attributes', c.c_char_p), ('data', c.POINTER(c.c_uint8))]
            d = Dataset()
            lib.ismrmrd_init_dataset(c.byref(d), sys.argv[1].encode(), b'dataset')
            assert lib.ismrmrd_open_dataset(c.byref(d), c.c_bool(False)) == 0
            w = Waveform()
            for i in range(lib.ismrmrd_get_number_of_waveforms(c.byref(d))):
                lib.ismrmrd_init_waveform(c.byref(w))
                assert lib.ismrmrd_read_waveform(c.byref(d), i, c.byref(w)) == 0
                print(w.flags, w.id, sum(w.data[k] for k in range(w.samples * w.channels)))
            assert lib.ismrmrd_append_waveform(c.byref(d), c.byref(w)) == 0
            for t in range(1, 9):
                name = b'image_%d' % t
                m = Image()
                for i in range(lib.ismrmrd_get_number_of_images(c.byref(d), name)):
                    lib.ismrmrd_init_image(c.byref(m))
                    assert lib.ismrmrd_read_image(c.byref(d), name, i, c.byref(m)) == 0
                    pixels = m.data[:lib.ismrmrd_size_of_image_data(c.byref(m))]
                    print(m.head[2], len(m.attributes or b''), sum(pixels))
                assert lib.ismrmrd_append_image(c.byref(d), name, c.byref(m)) == 0
            assert lib.ismrmrd_close_dataset(c.byref(d)) == 0
            """;

    @TempDir
    Path directory;

    @Test
    void readsOurWaveformsAndImagesOfAllTypesAndAppendsItsOwn() throws Exception {
        ExternalTool.find("ismrmrd_info", "ismrmrd-tools");
        ExternalTool python = ExternalTool.find("python3", "python3");
        Path file = directory.resolve("a.h5");
        MrdItemsFileTest.write(file, List.of(), Map.of(MrdText.XML, "<x/>"));
        MrdAppendTest.append(file, "dataset", items());
        Content before = Content.of(file, "dataset");
        String printed = python.run(directory, "-c", SCRIPT, file.toString());
        assertThat(printed.lines().toList()).isEqualTo(expected(before));
        Content after = Content.of(file, "dataset");
        assertThat(after.waveforms().subList(0, 5)).isEqualTo(before.waveforms());
        assertThat(after.waveforms().get(5)).isEqualTo(before.waveforms().get(4));
        before.images().forEach((name, images) -> {
            List<Image> longer = new ArrayList<>(images);
            longer.add(images.get(4));
            assertThat(after.images().get(name)).as(name).isEqualTo(longer);
        });
    }

    private static List<MrdItem> items() {
        Random random = new Random(5);
        List<MrdItem> items = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            items.add(RandomItems.waveform(random));
            for (PixelType type : PixelType.values()) {
                items.add(RandomItems.image(random, type.code(), new ImageShape(type, 2, 1, 3, 4)));
            }
        }
        return items;
    }

    private static List<String> expected(Content content) {
        List<String> lines = new ArrayList<>();
        for (Waveform waveform : content.waveforms()) {
            long sum = 0;
            for (int value : waveform.data()) {
                sum += Integer.toUnsignedLong(value);
            }
            lines.add(Long.toUnsignedString(waveform.head().flags()) + " "
                    + waveform.head().waveformId() + " " + sum);
        }
        for (List<Image> images : content.images().values()) {
            for (Image image : images) {
                long sum = 0;
                for (byte value : image.pixels()) {
                    sum += Byte.toUnsignedInt(value);
                }
                int attributes = image.attributes().getBytes(StandardCharsets.UTF_8).length;
                lines.add(image.head().pixelType().code() + " " + attributes + " " + sum);
            }
        }
        return lines;
    }
}
