package io.github.pgqueue.cdi.internal;

import jakarta.enterprise.inject.spi.AnnotatedParameter;

/** What a worker method gets at one position. */
sealed interface WorkerParameter {

    /** The payload. */
    record Payload() implements WorkerParameter {}

    /** The whole job. */
    record WholeJob() implements WorkerParameter {}

    /** The run of the job. */
    record Context() implements WorkerParameter {}

    /** A bean. */
    record Injected(AnnotatedParameter<?> parameter, String where) implements WorkerParameter {}
}
