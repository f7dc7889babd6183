package io.github.pgqueue.jcache.annotation;

import org.jspecify.annotations.Nullable;

/** What a method returned or threw, now or when it was cached. */
record Outcome(@Nullable Object value, @Nullable Throwable thrown) {

    static Outcome returned(@Nullable Object value) {
        return new Outcome(value, null);
    }

    static Outcome threw(Throwable thrown) {
        return new Outcome(null, thrown);
    }

    /** Of a method that is called now. */
    static Outcome of(AnnotatedCalls.Body body) {
        try {
            return returned(body.proceed());
        } catch (Exception | Error e) {
            return threw(e);
        }
    }

    /** Gives it to the caller. */
    @Nullable
    Object get() throws Exception {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof Exception exception) {
            throw exception;
        }
        return value;
    }
}
