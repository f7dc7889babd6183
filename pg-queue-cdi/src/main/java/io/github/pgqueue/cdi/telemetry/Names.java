package io.github.pgqueue.cdi.telemetry;

import io.github.pgqueue.QueueName;
import io.github.pgqueue.queue.Job;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanBuilder;

/** The attributes of the semantic conventions, and the one that is ours. */
final class Names {

    static final String SCOPE = "io.github.pgqueue";

    static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.name");
    static final AttributeKey<String> OPERATION_TYPE = AttributeKey.stringKey("messaging.operation.type");
    static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    static final AttributeKey<String> MESSAGE_ID = AttributeKey.stringKey("messaging.message.id");
    static final AttributeKey<String> CONVERSATION_ID = AttributeKey.stringKey("messaging.message.conversation_id");
    static final AttributeKey<Long> BATCH_COUNT = AttributeKey.longKey("messaging.batch.message_count");
    static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("pgqueue.job.attempt");

    private Names() {}

    /** What spans and metrics of an operation share; no value of it is unbounded. */
    static AttributesBuilder attributes(QueueName queue, String operation, String type) {
        return Attributes.builder()
                .put(SYSTEM, "pgqueue")
                .put(OPERATION, operation)
                .put(OPERATION_TYPE, type)
                .put(DESTINATION, queue.value());
    }

    static void identify(SpanBuilder span, Job<?> job) {
        span.setAttribute(MESSAGE_ID, Long.toString(job.id()));
        if (job.requestId() != null) {
            span.setAttribute(CONVERSATION_ID, job.requestId().toString());
        }
    }
}
