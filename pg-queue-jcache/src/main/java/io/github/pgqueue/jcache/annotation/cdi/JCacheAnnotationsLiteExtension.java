package io.github.pgqueue.jcache.annotation.cdi;

import jakarta.enterprise.inject.build.compatible.spi.BuildCompatibleExtension;
import jakarta.enterprise.inject.build.compatible.spi.ClassConfig;
import jakarta.enterprise.inject.build.compatible.spi.Discovery;
import jakarta.enterprise.inject.build.compatible.spi.Enhancement;
import jakarta.enterprise.inject.build.compatible.spi.ScannedClasses;
import jakarta.enterprise.inject.build.compatible.spi.SkipIfPortableExtensionPresent;
import jakarta.enterprise.lang.model.AnnotationTarget;
import jakarta.enterprise.lang.model.declarations.MethodInfo;
import java.lang.annotation.Annotation;
import java.lang.reflect.Modifier;
import java.util.List;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheRemoveAll;
import javax.cache.annotation.CacheResult;

/**
 * Brings the caching annotations into a container that has no portable extensions. Found through
 * {@code META-INF/services}. What is wrong with an annotation is found out by the first call.
 */
@SkipIfPortableExtensionPresent(JCacheAnnotationsExtension.class)
public final class JCacheAnnotationsLiteExtension implements BuildCompatibleExtension {

    private static final List<Class<? extends Annotation>> ANNOTATIONS =
            List.of(CacheResult.class, CachePut.class, CacheRemove.class, CacheRemoveAll.class);
    private static final int UNREACHABLE = Modifier.PRIVATE | Modifier.STATIC | Modifier.FINAL;

    /** Adds the interceptor and what it needs. */
    @Discovery
    public void own(ScannedClasses classes) {
        classes.add(CachingInterceptor.class.getName());
        classes.add(CachingCalls.class.getName());
    }

    /** Binds the interceptor to the annotated methods of a class. */
    @Enhancement(
            types = Object.class,
            withSubtypes = true,
            withAnnotations = {CacheResult.class, CachePut.class, CacheRemove.class, CacheRemoveAll.class})
    public void bind(ClassConfig type) {
        type.methods().stream()
                .filter(method -> isIntercepted(method.info()))
                .forEach(method -> method.addAnnotation(CachingBinding.class));
    }

    private static boolean isIntercepted(MethodInfo method) {
        return (method.modifiers() & UNREACHABLE) == 0 && (isAnnotated(method) || isAnnotated(method.declaringClass()));
    }

    private static boolean isAnnotated(AnnotationTarget target) {
        return ANNOTATIONS.stream().anyMatch(target::hasAnnotation);
    }
}
