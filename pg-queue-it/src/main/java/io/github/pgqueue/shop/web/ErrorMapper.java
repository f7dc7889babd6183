package io.github.pgqueue.shop.web;

import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.RequestTimeoutException;
import io.github.pgqueue.shop.desk.CardDeclinedException;
import io.github.pgqueue.shop.jdbc.StatementFailedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Answers every failure with one sentence. What nobody expected goes to the log, and only there. */
@Provider
public class ErrorMapper implements ExceptionMapper<Throwable> {

    private static final System.Logger LOG = System.getLogger(ErrorMapper.class.getName());

    @Override
    public Response toResponse(Throwable failure) {
        if (failure instanceof BadInputException || failure instanceof CardDeclinedException) {
            Status status = failure instanceof BadInputException ? Status.BAD_REQUEST : Status.CONFLICT;
            return answer(status.getStatusCode(), String.valueOf(failure.getMessage()), null);
        }
        if (failure instanceof WebApplicationException e) {
            int status = e.getResponse().getStatus();
            return answer(status, sentence(status), null);
        }
        LOG.log(Level.ERROR, "a request to the shop failed", failure);
        if (failure instanceof RequestTimeoutException e) {
            return answer(Status.GATEWAY_TIMEOUT.getStatusCode(), String.valueOf(e.getMessage()), e.code());
        }
        if (failure instanceof PgQueueException e) {
            return answer(Status.SERVICE_UNAVAILABLE.getStatusCode(), String.valueOf(e.getMessage()), e.code());
        }
        if (failure instanceof StatementFailedException) {
            return answer(
                    Status.SERVICE_UNAVAILABLE.getStatusCode(),
                    "The database did not do what the shop asked for; the log of the shop says why.",
                    null);
        }
        return answer(
                Status.INTERNAL_SERVER_ERROR.getStatusCode(),
                "Something went wrong in the shop; its log says what.",
                null);
    }

    static Response answer(int status, String sentence, @Nullable String code) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(new ErrorView(sentence, code))
                .build();
    }

    private static String sentence(int status) {
        return switch (status) {
            case 400 -> "The request cannot be read; send JSON in UTF-8.";
            case 404 -> "There is nothing at this address.";
            case 405 -> "This address does not know that method.";
            case 406 -> "The answer is JSON; accept application/json.";
            case 415 -> "The body must be JSON; send it as application/json.";
            default -> "The request was refused with status " + status + ".";
        };
    }
}
