package recon.common.options;

import java.util.List;

/** The options cannot be used. The operator must act; {@link #problems()} says where and how, one text each. */
public final class OptionsException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    public OptionsException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
