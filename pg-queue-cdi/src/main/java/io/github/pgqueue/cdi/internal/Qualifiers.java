package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.cdi.PgCacheName;
import io.github.pgqueue.cdi.PgChannel;
import io.github.pgqueue.cdi.PgQueue;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Default;
import jakarta.inject.Qualifier;
import java.lang.annotation.Annotation;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells qualifiers from other annotations. */
final class Qualifiers {

    private Qualifiers() {}

    static Set<Annotation> of(Collection<Annotation> annotations) {
        return annotations.stream().filter(Qualifiers::is).collect(Collectors.toSet());
    }

    static boolean is(Annotation annotation) {
        return annotation.annotationType().isAnnotationPresent(Qualifier.class);
    }

    /** Whether the qualifier is one of ours, or says nothing. */
    static boolean isOursOrNone(Annotation qualifier) {
        return qualifier instanceof Any
                || qualifier instanceof Default
                || qualifier instanceof PgQueue
                || qualifier instanceof PgChannel
                || qualifier instanceof PgCacheName;
    }
}
