package recon.server;

import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;

/**
 * Waits for SIGTERM or SIGINT. A shutdown hook cannot do this: it does not see a second signal, which must end the
 * program at once.
 *
 * <p>By reflection, because javac warns of {@code sun.misc} and warnings fail the build; the classes are part of the
 * supported module {@code jdk.unsupported}.
 */
final class Signals {
    private static final int SIGTERM_EXIT_CODE = 128 + 15;

    private final CountDownLatch requested = new CountDownLatch(1);

    /** Catches the signals from now on: the first is a request, a second one halts the program. */
    static Signals install() {
        Signals signals = new Signals();
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerClass}, (proxy, method, arguments) -> {
                        if (method.getDeclaringClass() == handlerClass) {
                            signals.received();
                        }
                        return null;
                    });
            for (String name : new String[] {"TERM", "INT"}) {
                Object signal = signalClass.getConstructor(String.class).newInstance(name);
                signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, signal, handler);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has no sun.misc.Signal (module jdk.unsupported)", e);
        }
        return signals;
    }

    private void received() {
        if (requested.getCount() == 0) {
            // Scripts that still run would have nobody to end them.
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            Runtime.getRuntime().halt(SIGTERM_EXIT_CODE);
        }
        requested.countDown();
    }

    void await() throws InterruptedException {
        requested.await();
    }
}
