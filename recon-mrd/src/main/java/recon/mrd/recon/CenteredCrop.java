package recon.mrd.recon;

/**
 * The middle of one direction of a transform whose origin is at the front.
 *
 * @param full elements of the transform
 * @param start of what is kept
 * @param size of what is kept
 */
record CenteredCrop(int full, int start, int size) {
    /** @param wanted size; 0, or more than there is, for all */
    static CenteredCrop of(int full, int wanted) {
        int size = wanted == 0 || wanted > full ? full : wanted;
        return new CenteredCrop(full, (full - size) / 2, size);
    }

    /** Where in the transform an element of the image is. */
    int index(int i) {
        return (start + i + full / 2) % full;
    }
}
