package recon.client;

import recon.common.options.AdminItems;

/** Which port of a server or a relay is meant: their items have names of their own. */
enum Door {
    CLIENTS(
            "SHARED_KEY",
            "is the server running, and are SERVER_HOSTNAME and SERVER_PORT right?",
            "its SHARED_KEY is another one",
            "TRUSTED_IPS of the server's recon.opts"),
    ADMINISTRATORS(
            "SERVER_ADMIN_SHARED_KEY",
            "is the server running, is SERVER_ADMIN_SHARED_KEY set in its recon.opts (else there is no administration),"
                    + " and are SERVER_ADMIN_HOSTNAME and SERVER_ADMIN_PORT right?",
            "its SERVER_ADMIN_SHARED_KEY is another one, or this is its port for clients and not SERVER_ADMIN_PORT",
            "TRUSTED_IPS of the server's recon.opts"),
    ADMINISTRATORS_OF_RELAY(
            "RELAY_ADMIN_SHARED_KEY",
            "is the relay running, is RELAY_ADMIN_SHARED_KEY set in its relay.opts (else there is no administration),"
                    + " and are RELAY_ADMIN_HOSTNAME and RELAY_ADMIN_PORT right?",
            "its RELAY_ADMIN_SHARED_KEY is another one, or this is its port for clients and not RELAY_ADMIN_PORT",
            "TRUSTED_CLIENT_IPS of the relay's relay.opts");

    /** The item with the key. */
    final String key;

    /** What to look at where nobody answers. */
    final String unreachable;

    /** Why a server most likely leaves without a word. */
    final String silent;

    /** Where the addresses are that may speak. */
    final String trusted;

    Door(String key, String unreachable, String silent, String trusted) {
        this.key = key;
        this.unreachable = unreachable;
        this.silent = silent;
        this.trusted = trusted;
    }

    static Door of(AdminItems items) {
        return items.equals(AdminItems.RELAY) ? ADMINISTRATORS_OF_RELAY : ADMINISTRATORS;
    }
}
