package recon.common.transfer;

/** Told of every piece that has moved. Called by the thread that moves it: must return at once. */
@FunctionalInterface
public interface TransferProgress {
    TransferProgress NONE = bytes -> {};

    void moved(int bytes);
}
