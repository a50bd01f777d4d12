package recon.common.admin;

import java.util.List;
import java.util.Optional;
import recon.common.crypto.KeyOwner;
import recon.common.crypto.OwnedKey;
import recon.common.crypto.SharedKey;
import recon.common.net.TrustedAddresses;
import recon.common.options.AdminItems;
import recon.common.options.Item;
import recon.common.options.ListenItems;
import recon.common.options.Options;
import recon.common.options.Problems;

/**
 * Where administrators connect to, and their key.
 *
 * @param host name or address to listen on
 * @param port 0..65535; 0 lets the system choose
 * @param key empty if there is no administration
 */
public record Administration(String host, int port, Optional<SharedKey> key) {
    /** @param others the items with keys that the administrator's may not be */
    public static Administration from(Options options, AdminItems items, List<Item> others, Problems problems) {
        return new Administration(
                options.text(items.hostname()),
                options.integer(items.port()),
                options.adminKey(items.sharedKey(), others, problems));
    }

    /** What to warn of: a port for administration that any machine may knock at. */
    public Optional<String> notice(AdminItems items, TrustedAddresses trusted, Item trustedItem) {
        return key.isEmpty() || !trusted.isAny() || ListenItems.isLoopback(host)
                ? Optional.empty()
                : Optional.of(
                        items.hostname().name() + " = " + host + " lets other machines connect for administration,"
                                + " and " + trustedItem.name() + " is blank: any address may; say there which");
    }

    /** The key, as the administrator's; none if there is no administration. */
    public List<OwnedKey> keys() {
        return key.stream().map(one -> new OwnedKey(KeyOwner.ADMIN, one)).toList();
    }
}
