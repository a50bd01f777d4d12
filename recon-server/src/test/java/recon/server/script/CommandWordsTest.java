package recon.server.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CommandWordsTest {
    @Test
    void splitsAtSpacesAndTabs() {
        assertThat(CommandWords.split("  matlab  -batch\t")).containsExactly("matlab", "-batch");
    }

    @Test
    void quotesKeepSpacesAndEmptyWordsTogether() {
        assertThat(CommandWords.split("\"/opt/my python/bin/python3\" -X 'a \"b\"' '' --x='1 2'"))
                .containsExactly("/opt/my python/bin/python3", "-X", "a \"b\"", "", "--x=1 2");
    }

    @Test
    void aBackslashIsAnOrdinaryCharacter() {
        assertThat(CommandWords.split("C:\\tools\\python.exe")).containsExactly("C:\\tools\\python.exe");
    }

    @Test
    void refusesAnOpenQuoteAndAnEmptyCommand() {
        assertThatThrownBy(() -> CommandWords.split("octave-cli '--eval"))
                .hasMessage("the quote ' is not closed in the command: octave-cli '--eval");
        assertThatThrownBy(() -> CommandWords.split("  ")).hasMessage("the command is empty");
        assertThatThrownBy(() -> CommandWords.split("'' x")).hasMessage("the command is empty");
    }
}
