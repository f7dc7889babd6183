package io.github.pgqueue.shop.web;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.HashSet;
import java.util.Set;

/** What answers below {@code api} in the WAR. */
@ApplicationPath("api")
public class ShopApplication extends Application {

    /** What reads and writes JSON and turns exceptions into answers. Needs no injection. */
    public static final Set<Class<?>> PROVIDERS = Set.of(ErrorMapper.class, JsonReader.class, JsonWriter.class);

    /** The resources, which are beans. */
    public static final Set<Class<?>> RESOURCES = Set.of(
            BoardResource.class, OrderResource.class, PriceResource.class, QueueResource.class, QuoteResource.class);

    @Override
    public Set<Class<?>> getClasses() {
        Set<Class<?>> classes = new HashSet<>(PROVIDERS);
        classes.addAll(RESOURCES);
        return classes;
    }
}
