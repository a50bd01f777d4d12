package recon.common.lifecycle;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Catches signals, every one of them: a shutdown hook does not see a second. Until it is closed; then what was done
 * before is done again.
 *
 * <p>By reflection, because javac warns of {@code sun.misc} and warnings fail the build; the classes are part of the
 * supported module {@code jdk.unsupported}.
 */
public final class SignalHandler implements AutoCloseable {
    private final Map<Object, Object> former = new LinkedHashMap<>();
    private final Class<?> signalClass;
    private final Class<?> handlerClass;

    private SignalHandler() throws ReflectiveOperationException {
        signalClass = Class.forName("sun.misc.Signal");
        handlerClass = Class.forName("sun.misc.SignalHandler");
    }

    /**
     * Catches signals from now on. One that this system does not have, that the Java runtime was told to leave alone, or
     * that was ignored when the program started (as for a command in the background) stays as it is.
     *
     * @param names without SIG: "INT", "TERM"
     * @param received called with the name for every signal, each time by a thread of its own
     */
    public static SignalHandler install(List<String> names, Consumer<String> received) {
        try {
            SignalHandler handlers = new SignalHandler();
            for (String name : names) {
                handlers.handle(name, received);
            }
            return handlers;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has no sun.misc.Signal (module jdk.unsupported)", e);
        }
    }

    private void handle(String name, Consumer<String> received) throws ReflectiveOperationException {
        InvocationHandler methods = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                received.accept(name);
                yield null;
            }
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "handler of SIG" + name;
        };
        Object handler =
                Proxy.newProxyInstance(SignalHandler.class.getClassLoader(), new Class<?>[] {handlerClass}, methods);
        try {
            Object signal = signalClass.getConstructor(String.class).newInstance(name);
            former.put(signal, set(signal, handler));
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof IllegalArgumentException)) {
                throw e;
            } // else it is left alone
        }
    }

    private Object set(Object signal, Object handler) throws ReflectiveOperationException {
        return signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, signal, handler);
    }

    @Override
    public void close() {
        former.forEach((signal, handler) -> {
            try {
                set(signal, handler);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a signal that could be caught cannot be let go", e);
            }
        });
        former.clear();
    }
}
