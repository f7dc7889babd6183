package io.github.pgqueue.it.servers;

import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.InterceptionType;
import java.util.List;
import javax.cache.annotation.CacheResult;

/** Which interceptors a container has by the annotations of JSR-107 themselves; ours have a binding of their own. */
final class Interceptors {

    private Interceptors() {}

    /** The names of their classes. */
    static List<String> ofCacheResult(BeanManager beans) {
        if (!beans.isInterceptorBinding(CacheResult.class)) {
            return List.of();
        }
        return beans.resolveInterceptors(InterceptionType.AROUND_INVOKE, Annotated.BINDING).stream()
                .map(interceptor -> interceptor.getBeanClass().getName())
                .toList();
    }

    /** Has the annotation with its defaults. */
    @CacheResult
    private static final class Annotated {
        static final CacheResult BINDING = Annotated.class.getAnnotation(CacheResult.class);
    }
}
