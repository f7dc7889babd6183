package io.github.pgqueue.jcache.annotation;

import java.lang.reflect.Constructor;

/** Where the key generators and resolver factories come from that annotations name. Asked once for each method. */
@FunctionalInterface
public interface Instances {

    /** By their constructors without parameters. */
    Instances BY_CONSTRUCTOR = Instances::construct;

    /**
     * The instance to use.
     *
     * @throws io.github.pgqueue.ConfigurationException PGQ8104 if there is none
     */
    Object get(Class<?> type);

    private static Object construct(Class<?> type) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.trySetAccessible();
            return constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw AnnotationErrors.notMade(type, e);
        }
    }
}
