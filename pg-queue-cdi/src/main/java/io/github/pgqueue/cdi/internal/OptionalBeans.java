package io.github.pgqueue.cdi.internal;

import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.Optional;

/** Beans that an application may have. */
final class OptionalBeans {

    private OptionalBeans() {}

    /** The bean of that type without a qualifier; empty if there is none, or several. */
    static <T> Optional<T> find(BeanManager beans, Class<T> type) {
        return BeanManagers.of(beans).stream()
                .map(manager -> manager.createInstance().select(type))
                .filter(Instance::isResolvable)
                .findFirst()
                .map(Instance::get);
    }
}
