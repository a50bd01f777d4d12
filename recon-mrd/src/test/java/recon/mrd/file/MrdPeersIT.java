package recon.mrd.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.ExternalTool;
import recon.mrd.format.Acquisition;
import recon.mrd.format.Image;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdItem;
import recon.mrd.format.PixelType;
import recon.mrd.format.Waveform;

/** Files of images, waveforms and all else in the hands of other programs, and theirs in ours. */
class MrdPeersIT {
    private final Random random = new Random(5);

    @TempDir
    Path directory;

    /** Two series of each type of pixel, waveforms, acquisitions and all texts. */
    private Path everything(String name) throws Exception {
        List<MrdItem> items = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            items.add(RandomItems.waveform(random));
            items.add(RandomItems.acquisition(random, 20));
            for (PixelType type : PixelType.values()) {
                items.add(RandomItems.image(random, type.code(), new ImageShape(type, 2, 1, 3, 4)));
            }
        }
        Path file = directory.resolve(name);
        MrdItemsFileTest.write(
                file,
                items,
                Map.of(
                        MrdText.XML, "<x/>",
                        MrdText.CONFIG, "<c/>",
                        MrdText.CONFIG_FILE, "simplefft",
                        MrdText.CONFIG_ADDITIONAL, "{\"ü\": 1}"));
        return file;
    }

    @Test
    void h5dumpAndH5diffReadEveryValue() throws Exception {
        ExternalTool h5dump = ExternalTool.find("h5dump", "hdf5-tools");
        Path file = everything("a.h5");
        String printed = h5dump.run(directory, file.toString());
        assertThat(printed).contains("DATASET \"waveforms\"", "GROUP \"image_8\"", "H5T_IEEE_F64LE \"imag\"");
        assertThat(printed).contains("SIMPLE { ( 70, 2, 1, 3, 4 ) / ( H5S_UNLIMITED, 2, 1, 3, 4 ) }");
        assertThat(printed).doesNotContain("error", "unable");
        Path copy = Files.copy(file, directory.resolve("b.h5"));
        MrdAppendTest.append(copy, "other", List.of(RandomItems.waveform(random)));
        ExternalTool.find("h5diff", "hdf5-tools")
                .run(directory, file.toString(), copy.toString(), "/dataset", "/dataset");
    }

    @Test
    void h5dumpReadsAFileThatWasNotCompleted() throws Exception {
        ExternalTool h5dump = ExternalTool.find("h5dump", "hdf5-tools");
        Path left;
        try (MrdWriter writer = MrdWriter.create(directory.resolve("a.h5"), "dataset", "<x/>")) {
            for (int i = 0; i < 250; i++) {
                writer.write(RandomItems.acquisition(random, 20));
                if (i % 50 == 29) {
                    writer.checkpoint().publish();
                }
            }
            left = writer.leave();
        }
        assertThat(h5dump.run(directory, "-d", "/dataset/data", left.toString()))
                .contains("(229): {")
                .doesNotContain("(230): {", "error", "unable");
        ExternalTool.find("h5stat", "hdf5-tools").run(directory, left.toString());
    }

    @Test
    void h5pyReadsEveryFieldAndAppends() throws Exception {
        ExternalTool python = ExternalTool.pythonWithH5py();
        Path file = everything("a.h5");
        Content before = Content.of(file, "dataset");
        String printed = python.run(directory, "-c", """
                import h5py, sys
                with h5py.File(sys.argv[1], 'r+') as f:
                    g = f['dataset']
                    print(g['config'][0].decode(), g['config_file'][0].decode(), ascii(g['configAdditional'][0].decode()))
                    def grow(d):
                        values = d[()]
                        d.resize(len(d) + 1, axis=0)
                        d[-1] = d[0]
                        return values
                    w = grow(g['waveforms'])
                    print(w['head']['flags'][3], w['head']['waveform_id'][3], w['data'][3].sum(dtype='u8'))
                    for t in range(1, 9):
                        s = g['image_%d' % t]
                        h, a, d = grow(s['header']), grow(s['attributes']), grow(s['data'])
                        print(h['data_type'][5], h['flags'][5], *h['matrix_size'][5], len(a[5]), d.dtype.kind, *d.shape)
                """, file.toString());
        Waveform waveform = before.waveforms().get(3);
        StringBuilder expected = new StringBuilder("<c/> simplefft '{\"\\xfc\": 1}'\n");
        long sum = 0;
        for (int value : waveform.data()) {
            sum += Integer.toUnsignedLong(value);
        }
        expected.append(Long.toUnsignedString(waveform.head().flags()))
                .append(' ')
                .append(waveform.head().waveformId())
                .append(' ')
                .append(sum)
                .append('\n');
        for (int type = 1; type <= 8; type++) {
            Image image = before.images().get("image_" + type).get(5);
            expected.append(type)
                    .append(' ')
                    .append(Long.toUnsignedString(image.head().flags()))
                    .append(" 4 3 1 ")
                    .append(image.head().attributeBytes())
                    .append(' ')
                    .append("uiuiffVV".charAt(type - 1))
                    .append(" 70 2 1 3 4\n");
        }
        assertThat(printed).isEqualTo(expected.toString());
        Content after = Content.of(file, "dataset");
        assertThat(after.waveforms()).hasSize(71).endsWith(before.waveforms().get(0));
        after.images()
                .forEach((name, images) -> assertThat(images)
                        .hasSize(71)
                        .endsWith(before.images().get(name).get(0)));
        Image more = RandomItems.image(random, 3, new ImageShape(PixelType.U32, 2, 1, 3, 4));
        MrdAppendTest.append(file, "dataset", List.of(more, RandomItems.acquisition(random, 5)));
        assertThat(Content.of(file, "dataset").images().get("image_3"))
                .hasSize(72)
                .endsWith(more);
    }

    @Test
    void filesOfH5pyAreReadWhateverTheirLayoutAndAddedTo() throws Exception {
        ExternalTool python = ExternalTool.pythonWithH5py();
        Path file = everything("a.h5");
        Content whole = Content.of(file, "dataset");
        python.run(directory, "-c", """
                import h5py, sys
                source = h5py.File(sys.argv[1], 'r')['dataset']
                complexes = {8: 'c8', 16: 'c16'}
                def write(name, split, compression, **kw):
                    with h5py.File(name, 'w', **kw) as f:
                        def copy(name, d):
                            if not isinstance(d, h5py.Dataset):
                                return
                            chunks = d.chunks if not split else tuple(max(1, n // 2) for n in d.shape) if d.ndim else None
                            values = d[()]
                            if split and d.dtype.names == ('real', 'imag'):
                                values = values.view(complexes[d.dtype.itemsize])
                            dtype = d.dtype if values.dtype.kind in 'OV' else values.dtype
                            if d.ndim and name not in ('xml', 'config', 'config_file', 'configAdditional'):
                                new = f.create_dataset('dataset/' + name, shape=d.shape, dtype=dtype, chunks=chunks,
                                    maxshape=(None,) + d.shape[1:], compression=compression)
                            else:
                                new = f.create_dataset('dataset/' + name, shape=d.shape, dtype=dtype)
                            for i in range(len(d)):
                                new[i] = values[i]
                        source.visititems(copy)
                write('plain.h5', False, None)
                write('latest.h5', False, None, libver='latest')
                write('split.h5', True, None)
                write('gzip.h5', True, 'gzip')
                write('torn.h5', False, None)
                with h5py.File('torn.h5', 'r+') as f:
                    f['dataset/image_2/header'].resize(71, axis=0)
                with h5py.File('attribute.h5', 'w') as f:
                    f.attrs['a'] = 1
                with h5py.File('link.h5', 'w') as f:
                    f['soft'] = h5py.SoftLink('/dataset')
                """, file.toString());
        List<String> layouts = List.of("plain.h5", "latest.h5", "split.h5", "gzip.h5");
        for (String name : layouts) {
            Path theirs = directory.resolve(name);
            assertThat(Content.of(theirs, "dataset")).as(name).isEqualTo(whole);
            Image image = RandomItems.image(random, 5, new ImageShape(PixelType.F32, 2, 1, 3, 4));
            Acquisition acquisition = RandomItems.acquisition(random, 9);
            MrdAppendTest.append(theirs, "dataset", List.of(image, acquisition, RandomItems.waveform(random)));
            MrdAppendTest.append(theirs, "new", List.of(image));
            Content after = Content.of(theirs, "dataset");
            assertThat(after.images().get("image_5")).as(name).hasSize(71).endsWith(image);
            assertThat(after.acquisitions()).as(name).hasSize(71).endsWith(acquisition);
            assertThat(after.waveforms().subList(0, 70)).as(name).isEqualTo(whole.waveforms());
        }
        String printed = python.run(directory, "-c", """
                import h5py, sys
                for name in sys.argv[1].split(','):
                    with h5py.File(name, 'r+') as f:
                        d = f['dataset/image_5/data']
                        d.resize(72, axis=0)
                        d[71] = d[70]
                        print(name, list(f), len(f['dataset/data'][()]), (d[71] == f['new/image_5/data'][0]).all())
                """, String.join(",", layouts));
        assertThat(printed.lines())
                .containsExactlyElementsOf(layouts.stream()
                        .map(name -> name + " ['dataset', 'new'] 71 True")
                        .toList());
        try (MrdReader in = MrdReader.open(directory.resolve("torn.h5"))) {
            assertThat(in.acquisition(69)).isEqualTo(whole.acquisitions().get(69));
            assertThatThrownBy(in::images)
                    .isInstanceOf(MrdException.class)
                    .hasMessageEndingWith(
                            "/dataset/image_2/ has 71 headers, 70 attributes and 70 images," + " not as many of each");
        }
        for (String name : List.of("attribute.h5", "link.h5")) {
            assertThatThrownBy(() -> MrdWriter.append(directory.resolve(name), "dataset"))
                    .isInstanceOf(MrdException.class)
                    .hasMessageContaining("which would be lost");
        }
    }

    @Test
    void referenceGeneratorAndReconstructionWorkOnOneFileWithUs() throws Exception {
        ExternalTool generator = ExternalTool.find("ismrmrd_generate_cartesian_shepp_logan", "ismrmrd-tools");
        ExternalTool reference = ExternalTool.find("ismrmrd_recon_cartesian_2d", "ismrmrd-tools");
        Path file = directory.resolve("cpp.h5");
        generator.run(directory, "-m", "32", "-c", "2", "-o", file.toString());
        Content raw = Content.of(file, "dataset");
        Image mine = RandomItems.image(random, 1, new ImageShape(PixelType.I16, 1, 1, 32, 32));
        MrdAppendTest.append(file, "results", List.of(mine));
        MrdAppendTest.append(file, "dataset", List.of(mine));
        reference.run(directory, file.toString());
        Content after = Content.of(file, "dataset");
        assertThat(after.acquisitions()).isEqualTo(raw.acquisitions());
        assertThat(after.images().keySet()).containsExactly("cpp", "image_1");
        Image theirs = after.images().get("cpp").get(0);
        assertThat(theirs.head().columns()).isEqualTo(32);
        assertThat(theirs.head().pixelType()).isEqualTo(PixelType.F32);
        assertThat(theirs.attributes()).isEmpty();
        assertThat(after.images().get("image_1")).containsExactly(mine);
        assertThat(Content.of(file, "results").images().get("image_1")).containsExactly(mine);
        reference.run(directory, file.toString());
        assertThat(Content.of(file, "dataset").images().get("cpp")).containsExactly(theirs, theirs);
    }
}
