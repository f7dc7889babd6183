package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.cdi.PgQueueExtension;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.CDI;
import java.util.List;

/**
 * The bean managers by which the beans of an application are found: first the one that the extension was given, which in
 * an EAR sees every module, then that of the module which is being started. On Payara the first does not see the beans
 * of {@code WEB-INF/classes} when the library is in {@code WEB-INF/lib}.
 */
final class BeanManagers {

    private BeanManagers() {}

    static List<BeanManager> of(BeanManager given) {
        try {
            BeanManager current = CDI.current().getBeanManager();
            return isOfSameContainer(current, given) && !current.equals(given)
                    ? List.of(given, current)
                    : List.of(given);
        } catch (IllegalStateException e) {
            return List.of(given);
        }
    }

    /** In Java SE several containers may run, and the current one may be another; each has an extension of its own. */
    private static boolean isOfSameContainer(BeanManager one, BeanManager other) {
        try {
            return one.getExtension(PgQueueExtension.class) == other.getExtension(PgQueueExtension.class);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
