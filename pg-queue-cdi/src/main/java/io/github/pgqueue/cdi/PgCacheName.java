package io.github.pgqueue.cdi;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.ElementType.TYPE;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.inject.Qualifier;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Injects the cache of that name: {@code @Inject @PgCacheName("prices") PgCache prices}. Without it, {@code PgCache} is
 * the cache named {@code default}. With {@code pg-queue-jcache} the same goes for a {@code javax.cache.Cache<K, V>}.
 */
@Documented
@Qualifier
@Retention(RetentionPolicy.RUNTIME)
@Target({FIELD, METHOD, PARAMETER, TYPE})
public @interface PgCacheName {

    /** The name of the cache; it needs no creation. */
    String value();

    /** The qualifier for look-ups by code. */
    final class Literal extends AnnotationLiteral<PgCacheName> implements PgCacheName {

        private static final long serialVersionUID = 1L;

        private final String value;

        private Literal(String value) {
            this.value = value;
        }

        /** The qualifier with that name. */
        public static Literal of(String value) {
            return new Literal(value);
        }

        @Override
        public String value() {
            return value;
        }
    }
}
