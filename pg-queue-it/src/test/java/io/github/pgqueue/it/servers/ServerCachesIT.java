package io.github.pgqueue.it.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.PgQueueManager;
import io.github.pgqueue.it.servers.environment.Deployments;
import io.github.pgqueue.it.servers.features.Feature;
import io.github.pgqueue.it.servers.features.Proves;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.annotation.CacheResult;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The annotations can be left to a server that has interceptors for them: ours are out then. */
@ExtendWith(ArquillianExtension.class)
@Proves(Feature.CACHE_ANNOTATIONS)
class ServerCachesIT {

    @Inject
    private Stall stall;

    @Inject
    private BeanManager beans;

    @Inject
    private Databases databases;

    @Inject
    private PgQueueManager manager;

    @Deployment
    static WebArchive archive() {
        return Deployments.caches(
                "left",
                Map.of("pg-queue.cache-annotations.interceptors", "server"),
                ServerCachesIT.class,
                Interceptors.class,
                Stall.class);
    }

    /** A class of its own: Weld SE, which is not started anew, keeps what it made of a class for another deployment. */
    @ApplicationScoped
    public static class Stall {

        private final AtomicInteger runs = new AtomicInteger();

        @CacheResult(cacheName = "stall")
        public int find(String item) {
            return runs.incrementAndGet();
        }
    }

    @Test
    void calls_useNoneOfOurCaches() {
        manager.cache("stall").clear();

        stall.find("tea");
        stall.find("tea");

        assertThat(databases.number(Environment.LOCAL, "SELECT count(*) FROM pg_queue_cache WHERE cache = 'stall'"))
                .isZero();
    }

    @Test
    void interceptors_areThoseOfTheServerOnly() {
        assertThat(Interceptors.ofCacheResult(beans))
                .hasSize(Environment.current() == Environment.PAYARA ? 1 : 0)
                .allMatch(name -> name.startsWith("fish.payara."));
    }
}
