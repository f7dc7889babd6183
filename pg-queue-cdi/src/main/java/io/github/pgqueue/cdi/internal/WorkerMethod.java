package io.github.pgqueue.cdi.internal;

import jakarta.enterprise.inject.spi.Bean;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;

/**
 * A method that works a queue.
 *
 * @param queue its name
 * @param payload concrete and canonical
 * @param bean whose method it is
 * @param view the bean type through which the bean is called
 * @param method of the bean class, as interceptors see it
 * @param called of the view; the same method, unless the view is an interface of its own
 * @param parameters what it gets, by position
 */
record WorkerMethod(
        String queue,
        Type payload,
        Bean<?> bean,
        Class<?> view,
        Method method,
        Method called,
        List<WorkerParameter> parameters) {

    WorkerMethod {
        parameters = List.copyOf(parameters);
    }

    String where() {
        return Members.name(method);
    }

    NamedPoint point() {
        return new NamedPoint(queue, payload, where());
    }
}
