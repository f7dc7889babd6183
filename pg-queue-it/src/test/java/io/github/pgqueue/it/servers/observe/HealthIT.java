package io.github.pgqueue.it.servers.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.SelfTestFinding.Severity;
import io.github.pgqueue.cdi.PgWorker;
import io.github.pgqueue.it.servers.Environment;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.health.HealthCheck;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The server's own health endpoint knows the library's checks. Weld SE has none: there the checks are asked. */
@ExtendWith(ArquillianExtension.class)
@Proves(Feature.HEALTH)
class HealthIT {

    private static final String URL = "it.health";

    @Inject
    @Any
    private Instance<HealthCheck> checks;

    @Inject
    private PgQueueManager manager;

    @Deployment
    static WebArchive archive() {
        // Not named as the endpoint, which would then be the application's context root.
        return Deployments.war(
                "observed", Map.of(URL, System.getProperty("server.health", "none")), HealthIT.class, User.class);
    }

    /** Uses the library: there are no checks otherwise. */
    @ApplicationScoped
    public static class User {

        @PgWorker("healthy")
        void work(String job) {}
    }

    /** A look that takes longer than a check may wait, as the first one can, is down. */
    @Test
    void checks_ofAHealthyApplication_areUpUnderTheirNames() {
        await().pollInSameThread()
                .untilAsserted(() -> assertThat(answer())
                        .contains("pg-queue-schema UP")
                        .contains("pg-queue-ready UP")
                        .contains("pg-queue-live UP"));
    }

    @Test
    void selfTest_ofAHealthyApplication_warnsOfNothing() {
        assertThat(manager.selfTest())
                .filteredOn(finding -> finding.severity() == Severity.WARNING)
                .isEmpty();
    }

    private String answer() throws IOException, InterruptedException {
        return Environment.current() == Environment.WELD_SE ? beans() : endpoint();
    }

    private String beans() {
        return checks.stream()
                .map(HealthCheck::call)
                .map(response -> response.getName() + " " + response.getStatus())
                .collect(Collectors.joining("\n"));
    }

    /** Each check as "name status". */
    private static String endpoint() throws IOException, InterruptedException {
        String url = ConfigProvider.getConfig().getValue(URL, String.class);
        String json = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body();
        return json.replaceAll("\\s", "").replaceAll("\"name\":\"([^\"]*)\",\"status\":\"([^\"]*)\"", "$1 $2");
    }
}
