package io.github.pgqueue.jcache.annotation.cdi;

import io.github.pgqueue.jcache.annotation.Instances;
import jakarta.enterprise.inject.Default;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.CDI;
import java.util.List;
import java.util.Optional;

/**
 * The beans of an application: first those that the archive of the library sees, which in an EAR are those of every
 * module, then those that the module sees whose code is being called. On Payara the first are not those of
 * {@code WEB-INF/classes} when the library is in {@code WEB-INF/lib}.
 */
record Beans(Instance<Object> given) {

    /** The only bean of that type without a qualifier. */
    <T> Optional<T> find(Class<T> type) {
        return only(type).map(Instance::get);
    }

    /** The same, but none that this library adds. */
    <T> Optional<T> findOfApplication(Class<T> type) {
        return only(type)
                .filter(instance -> instance.getHandle().getBean().getBeanClass() != CachingCalls.class)
                .map(Instance::get);
    }

    /**
     * The same as {@link #find}, but the object that the bean was made as, where its scope has proxies.
     *
     * @throws RuntimeException what making it throws
     */
    <T> Optional<T> contextual(Class<T> type) {
        return only(type).map(this::contextual);
    }

    private <T> Optional<Instance<T>> only(Class<T> type) {
        return instances().stream()
                .map(instance -> instance.select(type, Default.Literal.INSTANCE))
                .filter(Instance::isResolvable)
                .findFirst();
    }

    private <T> T contextual(Instance<T> instance) {
        Bean<T> bean = instance.getHandle().getBean();
        BeanManager manager = given.select(BeanManager.class).get();
        return manager.isNormalScope(bean.getScope())
                ? manager.getContext(bean.getScope()).get(bean, manager.createCreationalContext(bean))
                : instance.get();
    }

    /** The bean of that class, else an object of it. */
    Object instance(Class<?> type) {
        Optional<?> bean = find(type);
        return bean.isPresent() ? bean.get() : Instances.BY_CONSTRUCTOR.get(type);
    }

    private List<Instance<Object>> instances() {
        try {
            CDI<Object> current = CDI.current();
            return isOfSameContainer(current) ? List.of(given, current) : List.of(given);
        } catch (IllegalStateException e) {
            return List.of(given);
        }
    }

    /** In Java SE several containers may run, and the current one may be another; each has calls of its own. */
    private boolean isOfSameContainer(CDI<Object> current) {
        Instance<CachingCalls> ours = given.select(CachingCalls.class);
        Instance<CachingCalls> theirs = current.select(CachingCalls.class);
        return ours.isResolvable()
                && theirs.isResolvable()
                && ours.getHandle().getBean().equals(theirs.getHandle().getBean());
    }
}
