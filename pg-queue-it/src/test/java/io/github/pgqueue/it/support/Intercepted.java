package io.github.pgqueue.it.support;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** Stands in front of an object of the driver, as a pool does, and has its say about each call. */
@FunctionalInterface
public interface Intercepted {

    /** A call that can be passed on. */
    interface Call {

        /** The name of the method. */
        String method();

        /** An argument, counted from 0. */
        Object argument(int place);

        /** Passes it on. */
        @Nullable
        Object proceed() throws Throwable;
    }

    /** Answers a call. */
    @Nullable
    Object answer(Call call) throws Throwable;

    /** The object behind its proxy. */
    static <T> T proxy(Class<T> type, T behind, Intercepted interceptor) {
        return type.cast(Proxy.newProxyInstance(
                Intercepted.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> interceptor.answer(call(behind, method, arguments))));
    }

    private static Call call(Object behind, Method method, Object @Nullable [] arguments) {
        return new Call() {
            @Override
            public String method() {
                return method.getName();
            }

            @Override
            public Object argument(int place) {
                if (arguments == null) {
                    throw new IllegalStateException(method + " takes no arguments");
                }
                return arguments[place];
            }

            @Override
            public @Nullable Object proceed() throws Throwable {
                try {
                    return method.invoke(behind, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause() == null ? e : e.getCause();
                }
            }
        };
    }
}
