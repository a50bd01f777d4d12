package recon.common.wire;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import recon.common.crypto.KeyOwner;

/**
 * A request with more than itself: in version 1, the transports that the client could go on with; of a relay, for whom it
 * asks. A server that knows none of it answers the request.
 *
 * @param onBehalfOf whose request it is, if the client is a relay that says so
 */
public record Offer(Opening request, List<String> transports, Optional<KeyOwner> onBehalfOf) implements Message {
    static final String FIELD = "transports";
    private static final String ON_BEHALF_OF = "on_behalf_of";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String OPERATOR = "on_behalf_of_operator";

    public Offer {
        transports = List.copyOf(transports);
    }

    public Offer(Opening request, List<String> transports) {
        this(request, transports, Optional.empty());
    }

    /** The request itself if it comes with nothing more. */
    static Message readIfAny(Opening request, Payload payload) throws ProtocolException {
        List<String> transports = payload.textsOrNone(FIELD);
        String name = payload.textOr(ON_BEHALF_OF, "");
        Optional<KeyOwner> owner =
                name.isEmpty() ? Optional.empty() : Optional.of(new KeyOwner(name, payload.flagOr(OPERATOR, false)));
        if (!name.isEmpty() && !NAME.matcher(name).matches()) {
            throw new ProtocolException(
                    "\"" + ON_BEHALF_OF + "\" is no name of a client: 1 to 64 letters, digits, '.', '_'" + " and '-'");
        }
        return transports.isEmpty() && owner.isEmpty() ? request : new Offer(request, transports, owner);
    }

    public boolean offersTls() {
        return transports.contains(UseTransport.TLS);
    }

    /** The same without its transports. */
    Message withoutTransports() {
        return onBehalfOf.isEmpty() ? request : new Offer(request, List.of(), onBehalfOf);
    }

    @Override
    public String type() {
        return request.type();
    }

    @Override
    public String label() {
        return request.label();
    }

    @Override
    public void write(PayloadWriter payload) {
        request.write(payload);
        if (!transports.isEmpty()) {
            payload.texts(FIELD, transports);
        }
        onBehalfOf.ifPresent(owner -> {
            payload.text(ON_BEHALF_OF, owner.name());
            if (owner.operator()) {
                payload.flag(OPERATOR, true);
            }
        });
    }
}
