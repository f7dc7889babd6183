package io.github.pgqueue.shop.runtime;

import io.github.pgqueue.shop.web.ShopApplication;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/** What answers on Weld SE: the files of the page, and below {@code api} the resources of the WAR. */
final class LocalApplication extends Application {

    private final Node node;
    private final PageFiles page;

    LocalApplication(Node node, PageFiles page) {
        this.node = node;
        this.page = page;
    }

    @Override
    public Set<Class<?>> getClasses() {
        return ShopApplication.PROVIDERS;
    }

    @Override
    @SuppressWarnings("deprecation") // in favour of CDI, which an implementation without a server knows nothing of
    public Set<Object> getSingletons() {
        return Set.of(new FrontDoor(node, page), new DoorFilter());
    }
}
