package recon.common.options;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import recon.common.crypto.SharedKey;

/**
 * The items of one kind of options file.
 *
 * @param items in the order of the example
 * @param home where the example lies beside, as a resource
 * @param example the resource's name: the text of a new file
 * @param keyPlaceholder what stands there for the key that a new file may get
 * @param toEdit what the operator has to edit in a new file
 */
public record Catalogue(List<Item> items, Class<?> home, String example, String keyPlaceholder, String toEdit) {
    /** Of {@code recon.opts}. */
    public static final Catalogue RECON = new Catalogue(
            Items.all(),
            Catalogue.class,
            "recon.opts.example",
            Items.KEY_PLACEHOLDER,
            "SHARED_KEY, which must be the same on server and client, and the directories");

    public Catalogue {
        items = List.copyOf(items);
    }

    /** The text of a new options file: every item with its description, and the placeholder or a key. */
    public String defaultText(Optional<SharedKey> key) {
        String text;
        try (InputStream in = home.getResourceAsStream(example)) {
            text = new String(Objects.requireNonNull(in, example).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + example + " of this program's own jar", e);
        }
        return key.map(k -> text.replace(keyPlaceholder, k.text())).orElse(text);
    }
}
