package io.github.pgqueue.shop.runtime;

import io.github.pgqueue.shop.web.SafeHeaders;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.Set;

/**
 * Safe headers for every answer, and none for whoever comes by another name than that of this machine: a foreign site
 * whose name points to the loopback address must not talk to the shop.
 */
@PreMatching
final class DoorFilter implements ContainerRequestFilter, ContainerResponseFilter {

    private static final Set<String> NAMES = Set.of("127.0.0.1", "localhost");

    @Override
    public void filter(ContainerRequestContext request) {
        if (!NAMES.contains(String.valueOf(request.getUriInfo().getBaseUri().getHost()))) {
            request.abortWith(Response.status(Status.FORBIDDEN)
                    .type(MediaType.TEXT_PLAIN_TYPE)
                    .entity("The shop answers at http://127.0.0.1 only.")
                    .build());
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        SafeHeaders.ALL.forEach(response.getHeaders()::putSingle);
    }
}
