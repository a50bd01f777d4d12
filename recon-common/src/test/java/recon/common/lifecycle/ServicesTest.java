package recon.common.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServicesTest {
    private final List<String> events = new ArrayList<>();

    private Service service(String name, boolean starts, boolean stops) {
        return new Service() {
            @Override
            public void start() throws IOException {
                events.add("start " + name);
                if (!starts) {
                    throw new IOException(name + " does not start");
                }
            }

            @Override
            public void stop() throws IOException {
                events.add("stop " + name);
                if (!stops) {
                    throw new IOException(name + " does not stop");
                }
            }
        };
    }

    @Test
    void startInOrderAndStopInReverseOnce() throws IOException {
        Services services = Services.startAll(List.of(service("a", true, true), service("b", true, true)));
        services.close();
        services.close();
        assertThat(events).containsExactly("start a", "start b", "stop b", "stop a");
    }

    @Test
    void oneThatFailsToStartStopsThoseBeforeIt() {
        assertThatThrownBy(() -> Services.startAll(
                        List.of(service("a", true, true), service("b", false, true), service("c", true, true))))
                .hasMessage("b does not start");
        assertThat(events).containsExactly("start a", "start b", "stop a");
    }

    @Test
    void aFailureToStopDoesNotHideTheFailureToStart() {
        assertThatThrownBy(() -> Services.startAll(List.of(service("a", true, false), service("b", false, true))))
                .hasMessage("b does not start")
                .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("shutdown was not clean"));
    }

    @Test
    void allAreStoppedEvenIfSomeFailAndNoFailureIsLost() throws IOException {
        Services services = Services.startAll(
                List.of(service("a", true, false), service("b", true, true), service("c", true, false)));
        assertThatThrownBy(services::close)
                .satisfies(e -> assertThat(e.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("c does not stop", "a does not stop"));
        assertThat(events).endsWith("stop c", "stop b", "stop a");
    }
}
