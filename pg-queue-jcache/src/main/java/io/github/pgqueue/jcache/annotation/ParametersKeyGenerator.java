package io.github.pgqueue.jcache.annotation;

import io.github.pgqueue.jcache.MethodCacheKey;
import java.lang.annotation.Annotation;
import java.util.Arrays;
import javax.cache.annotation.CacheInvocationParameter;
import javax.cache.annotation.CacheKeyGenerator;
import javax.cache.annotation.CacheKeyInvocationContext;
import javax.cache.annotation.GeneratedCacheKey;

/** Makes keys of the values of the key parameters; for methods that name no generator. */
final class ParametersKeyGenerator implements CacheKeyGenerator {

    @Override
    public GeneratedCacheKey generateCacheKey(CacheKeyInvocationContext<? extends Annotation> call) {
        return MethodCacheKey.of(Arrays.stream(call.getKeyParameters())
                .map(CacheInvocationParameter::getValue)
                .toArray());
    }
}
