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
 * Injects the queue of that name: {@code @Inject @PgQueue("emails") JobQueue<Email> emails}.
 *
 * <p>All injection points and the worker of a queue agree on the type of its payload. The name is part of the
 * qualifier: a test replaces one queue by an alternative with the same qualifier. For a name that is only known at run
 * time, inject {@link io.github.pgqueue.PgQueueManager}.
 */
@Documented
@Qualifier
@Retention(RetentionPolicy.RUNTIME)
@Target({FIELD, METHOD, PARAMETER, TYPE})
public @interface PgQueue {

    /** The name of the queue: 1 to 40 characters out of {@code A-Z a-z 0-9 _}, case-sensitive. */
    String value();

    /** The qualifier for look-ups by code. */
    final class Literal extends AnnotationLiteral<PgQueue> implements PgQueue {

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
