package io.github.pgqueue.internal.queue;

import io.github.pgqueue.internal.channel.Scope;
import io.github.pgqueue.internal.jdbc.SchemaName;
import java.util.UUID;

/** Stores answers and tells the caller that one is there. The first answer wins. */
public final class Answers {

    private Answers() {}

    /** Returns whether this was the first answer to a request that somebody waits for. */
    public static boolean store(UUID requestId, Answer answer, Scope scope, SchemaName schema) {
        String replyTo = scope.run(connection -> QueueStore.answer(connection, schema, requestId, answer))
                .orElse(null);
        if (replyTo == null) {
            return false;
        }
        scope.signal(replyTo, "");
        return true;
    }
}
