package io.github.pgqueue.cdi.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.enterprise.inject.spi.PassivationCapable;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.jspecify.annotations.Nullable;

/**
 * A check as a bean of the application's own archive: WildFly's health subsystem sees no beans of a library that is not a
 * bean archive itself, and to that Weld adds what the configurator makes, whatever its bean class.
 *
 * @param user a class of the application
 * @param kind the qualifier
 * @param check makes the check
 */
record HealthBean(Class<?> user, Annotation kind, Supplier<HealthCheck> check)
        implements Bean<HealthCheck>, PassivationCapable {

    @Override
    public HealthCheck create(CreationalContext<HealthCheck> context) {
        return check.get();
    }

    @Override
    public void destroy(HealthCheck instance, CreationalContext<HealthCheck> context) {
        context.release();
    }

    @Override
    public Set<Type> getTypes() {
        return Set.of(HealthCheck.class, Object.class);
    }

    @Override
    public Set<Annotation> getQualifiers() {
        return Set.of(kind, Any.Literal.INSTANCE);
    }

    @Override
    public Class<? extends Annotation> getScope() {
        return ApplicationScoped.class;
    }

    @Override
    public Class<?> getBeanClass() {
        return user;
    }

    @Override
    public Set<InjectionPoint> getInjectionPoints() {
        return Set.of();
    }

    @Override
    public Set<Class<? extends Annotation>> getStereotypes() {
        return Set.of();
    }

    @Override
    public @Nullable String getName() {
        return null;
    }

    @Override
    public boolean isAlternative() {
        return false;
    }

    @Override
    public String getId() {
        return "pg-queue health " + kind.annotationType().getName();
    }
}
