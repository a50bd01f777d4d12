package recon.mrd.file;

/** What a group of a file holds as text; each may be missing. */
public enum MrdText {
    /** The ISMRMRD header, or a word in its place from clients that have none. */
    XML("xml"),
    /** A configuration itself. */
    CONFIG("config"),
    /** The name of a configuration. */
    CONFIG_FILE("config_file"),
    /** More configuration (JSON). */
    CONFIG_ADDITIONAL("configAdditional");

    private final String dataset;

    MrdText(String dataset) {
        this.dataset = dataset;
    }

    /** Name of the dataset that holds it. */
    public String dataset() {
        return dataset;
    }
}
