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
 * Names a channel. Injects its sender, {@code @Inject @PgChannel("orders") EventChannel<OrderPlaced> orders}, and
 * observes what arrives, {@code void on(@Observes @PgChannel("orders") OrderPlaced event)}; {@code @ObservesAsync} too.
 * An observer of {@link io.github.pgqueue.channel.Notification} gets the raw text.
 *
 * <p>All injection points and observers of a channel agree on the type of its payload. Observers are called by a thread
 * of the library, outside of any transaction, with an active request context, in every application that listens. An
 * observer without this qualifier gets the events of all channels too, as CDI rules.
 *
 * <p>An injected {@code Event<T>} with this qualifier is refused: it would reach observers of this container only.
 */
@Documented
@Qualifier
@Retention(RetentionPolicy.RUNTIME)
@Target({FIELD, METHOD, PARAMETER, TYPE})
public @interface PgChannel {

    /** The name of the channel: 1 to 63 bytes in UTF-8, the schema's channel prefix included. */
    String value();

    /** The qualifier for look-ups by code. */
    final class Literal extends AnnotationLiteral<PgChannel> implements PgChannel {

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
