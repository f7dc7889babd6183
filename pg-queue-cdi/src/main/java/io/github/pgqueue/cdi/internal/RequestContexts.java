package io.github.pgqueue.cdi.internal;

import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Runs something with an active request context of its own: threads of the library have none. */
record RequestContexts(BeanManager beans) {

    <R extends @Nullable Object> R call(Callable<R> action) throws Exception {
        RequestContextController controller =
                beans.createInstance().select(RequestContextController.class).get();
        boolean activated = controller.activate();
        try {
            return action.call();
        } finally {
            if (activated) {
                controller.deactivate();
            }
        }
    }
}
