package recon.common.wire;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.PeerText;
import recon.common.job.Priority;
import recon.common.job.Sha256;
import recon.common.job.SubmissionId;

/**
 * The fields of one JSON object that a peer sent. Fields that nobody asks for are ignored; one that is missing or of
 * the wrong kind is a {@link ProtocolException} that names the message and the field.
 */
final class Payload {
    private final String owner;
    private final Map<?, ?> fields;
    private final byte[] data;

    /**
     * @param owner what this object is, for errors
     * @param data what the field {@code data} held, decoded, if it was cut out of {@code fields}; else null
     */
    Payload(String owner, Map<?, ?> fields, byte[] data) {
        this.owner = owner;
        this.fields = fields;
        this.data = data;
    }

    String text(String key) throws ProtocolException {
        if (fields.get(key) instanceof String value) {
            return value;
        }
        throw wrong(key, "a string", fields.get(key));
    }

    /** For fields that peers may leave out; anything but a string counts as left out. */
    String textOr(String key, String missing) {
        return fields.get(key) instanceof String value ? value : missing;
    }

    boolean flagOr(String key, boolean missing) {
        return fields.get(key) instanceof Boolean value ? value : missing;
    }

    /** A whole number of 0 or more. */
    long number(String key) throws ProtocolException {
        if (fields.get(key) instanceof JsonTree.Num number && number.isWhole()) {
            try {
                long value = Long.parseLong(number.text());
                if (value >= 0) {
                    return value;
                }
            } catch (NumberFormatException beyondLong) {
                // Reported below, with the range.
            }
        }
        throw wrong(key, "a whole number from 0 to 2^63-1", fields.get(key));
    }

    OptionalLong numberOrNone(String key) throws ProtocolException {
        return fields.containsKey(key) ? OptionalLong.of(number(key)) : OptionalLong.empty();
    }

    int count(String key) throws ProtocolException {
        long number = number(key);
        if (number > Integer.MAX_VALUE) {
            throw new ProtocolException(owner + ": \"" + key + "\" = " + number + " is beyond 2^31-1");
        }
        return (int) number;
    }

    int countOr(String key, int missing) throws ProtocolException {
        return fields.containsKey(key) ? count(key) : missing;
    }

    JobId jobId(String key) throws ProtocolException {
        return parsed(key, JobId::parse);
    }

    Optional<JobId> jobIdOrNone(String key) throws ProtocolException {
        return fields.containsKey(key) ? Optional.of(jobId(key)) : Optional.empty();
    }

    Optional<JobState> stateOrNone(String key) throws ProtocolException {
        return fields.containsKey(key) ? Optional.of(parsed(key, JobState::parse)) : Optional.empty();
    }

    Priority priority(String key) throws ProtocolException {
        return parsed(key, Priority::parse);
    }

    Optional<SubmissionId> submissionId(String key) throws ProtocolException {
        return fields.containsKey(key) ? Optional.of(parsed(key, SubmissionId::parse)) : Optional.empty();
    }

    JobState stateOr(String key, JobState missing) throws ProtocolException {
        return fields.containsKey(key) ? parsed(key, JobState::parse) : missing;
    }

    Optional<Sha256> sha256(String key) throws ProtocolException {
        return fields.containsKey(key) ? Optional.of(parsed(key, Sha256::new)) : Optional.empty();
    }

    /** @param parse throws {@link IllegalArgumentException} with a reason */
    private <T> T parsed(String key, Function<String, T> parse) throws ProtocolException {
        try {
            return parse.apply(text(key));
        } catch (IllegalArgumentException e) {
            throw new ProtocolException(owner + ": \"" + key + "\" is " + e.getMessage(), e);
        }
    }

    /** One of a few words, in any case, which come back in lower case. */
    String choice(String key, String... words) throws ProtocolException {
        String word = text(key).toLowerCase(Locale.ROOT);
        if (List.of(words).contains(word)) {
            return word;
        }
        throw new ProtocolException(owner + ": \"" + key + "\" is \"" + PeerText.oneLine(word) + "\", expected \""
                + String.join("\" or \"", words) + "\"");
    }

    byte[] base64(String key) throws ProtocolException {
        if (data != null) {
            return data;
        }
        try {
            return Base64.getDecoder().decode(text(key));
        } catch (IllegalArgumentException e) {
            throw new ProtocolException(owner + ": \"" + key + "\" is not base64", e);
        }
    }

    boolean hasObject(String key) {
        return fields.get(key) instanceof Map;
    }

    Payload object(String key) throws ProtocolException {
        if (fields.get(key) instanceof Map<?, ?> object) {
            return new Payload(owner, object, null);
        }
        throw wrong(key, "an object", fields.get(key));
    }

    /** The objects of a list; none if the field is missing or no list. */
    List<Payload> objectsOrNone(String key) throws ProtocolException {
        List<Payload> objects = new ArrayList<>();
        if (fields.get(key) instanceof List<?> list) {
            for (Object element : list) {
                if (!(element instanceof Map<?, ?> object)) {
                    throw wrong(key, "a list of objects", element);
                }
                objects.add(new Payload(owner, object, null));
            }
        }
        return objects;
    }

    /** The texts of a list; none if the field is missing. */
    List<String> textsOrNone(String key) throws ProtocolException {
        List<String> texts = new ArrayList<>();
        if (fields.get(key) instanceof List<?> list) {
            for (Object element : list) {
                if (!(element instanceof String text)) {
                    throw wrong(key, "a list of texts", element);
                }
                texts.add(text);
            }
        }
        return texts;
    }

    /** The whole numbers of an object, in its order; none if the field is missing. */
    Map<String, Long> numbersOrNone(String key) throws ProtocolException {
        Map<String, Long> numbers = new LinkedHashMap<>();
        if (hasObject(key)) {
            Payload object = object(key);
            for (Object name : object.fields.keySet()) {
                numbers.put((String) name, object.number((String) name));
            }
        }
        return numbers;
    }

    private ProtocolException wrong(String key, String expected, Object got) {
        String found = got == null ? "missing" : "of kind " + JsonTree.kind(got);
        return new ProtocolException(owner + ": \"" + key + "\" must be " + expected + "; it is " + found);
    }
}
