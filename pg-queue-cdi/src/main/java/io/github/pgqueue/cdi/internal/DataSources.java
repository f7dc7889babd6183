package io.github.pgqueue.cdi.internal;

import io.github.pgqueue.ConfigurationException;
import io.github.pgqueue.PgQueueException;
import io.github.pgqueue.spi.Transactions;
import jakarta.enterprise.inject.AmbiguousResolutionException;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Finds the data source of an application: the configured one, else the only bean, else the server's default one if it is
 * a PostgreSQL.
 */
final class DataSources {

    private static final String DEFAULT = "java:comp/DefaultDataSource";

    private final BeanManager beans;
    private final Settings settings;

    DataSources(BeanManager beans, Settings settings) {
        this.beans = beans;
        this.settings = settings;
    }

    /** What is certain before the application runs; a server may bind its JNDI names later than that. */
    List<ConfigurationException> problems() {
        List<ConfigurationException> problems = new ArrayList<>();
        boolean jndi = Jndi.available();
        String name = settings.dataSource();
        if (name != null) {
            missing(MicroProfileConfig.DATA_SOURCE, name, jndi).ifPresent(problems::add);
        } else {
            Set<Bean<?>> candidates = candidates();
            if (candidates.size() > 1) {
                problems.add(DeploymentErrors.severalDataSources(names(candidates)));
            } else if (candidates.isEmpty() && !jndi) {
                problems.add(DeploymentErrors.noDataSource("no DataSource bean and no JNDI was found", null));
            }
        }
        String other = settings.nonTransactionalDataSource();
        if (other != null) {
            missing(MicroProfileConfig.NON_TRANSACTIONAL_DATA_SOURCE, other, jndi)
                    .ifPresent(problems::add);
        }
        return problems;
    }

    /** The data source whose connections join. */
    DataSource joining() {
        String name = settings.dataSource();
        if (name != null) {
            return named(MicroProfileConfig.DATA_SOURCE, name);
        }
        Set<Bean<?>> candidates = candidates();
        return switch (candidates.size()) {
            case 0 -> serverDefault();
            case 1 -> reference(candidates.iterator().next());
            default -> throw DeploymentErrors.severalDataSources(names(candidates));
        };
    }

    /** The data source whose connections never join, if one is configured. */
    Optional<DataSource> nonTransactional() {
        return Optional.ofNullable(settings.nonTransactionalDataSource())
                .map(name -> named(MicroProfileConfig.NON_TRANSACTIONAL_DATA_SOURCE, name));
    }

    private Optional<ConfigurationException> missing(String key, String name, boolean jndi) {
        return jndi || bean(name).isPresent() ? Optional.empty() : Optional.of(notFound(key, name));
    }

    private DataSource named(String key, String name) {
        return bean(name)
                .map(this::reference)
                .or(() -> Jndi.lookup(name, DataSource.class))
                .orElseThrow(() -> isLate(name) ? DeploymentErrors.notBoundYet(key, name) : notFound(key, name));
    }

    /** Payara binds what belongs to an application only after its start. */
    private static boolean isLate(String name) {
        return Jndi.isOfApplication(name) && Jndi.available();
    }

    private ConfigurationException notFound(String key, String name) {
        return DeploymentErrors.dataSourceNotFound(key, name, names(all()));
    }

    private DataSource serverDefault() {
        DataSource found = Jndi.lookup(DEFAULT, DataSource.class)
                .orElseThrow(() -> DeploymentErrors.notBoundYet(MicroProfileConfig.DATA_SOURCE, DEFAULT));
        String product;
        try {
            product = Transactions.autocommit(
                    found, connection -> connection.getMetaData().getDatabaseProductName());
        } catch (PgQueueException e) {
            throw DeploymentErrors.noDataSource("no DataSource bean was found, and " + DEFAULT + " failed", e);
        }
        if (!product.equals("PostgreSQL")) {
            throw DeploymentErrors.noDataSource(
                    "no DataSource bean was found, and " + DEFAULT + " is a database of " + product, null);
        }
        return found;
    }

    private Optional<Bean<?>> bean(String name) {
        return all().stream().filter(bean -> name.equals(bean.getName())).findFirst();
    }

    /** Without the one that is set apart, and with alternatives in the place of what they stand for. */
    private Set<Bean<?>> candidates() {
        @Nullable String apart = settings.nonTransactionalDataSource();
        Set<Bean<?>> candidates = all().stream()
                .filter(bean -> apart == null || !apart.equals(bean.getName()))
                .collect(Collectors.toSet());
        try {
            return candidates.isEmpty() ? candidates : Set.of(beans.resolve(candidates));
        } catch (AmbiguousResolutionException e) {
            return candidates;
        }
    }

    private Set<Bean<?>> all() {
        return BeanManagers.of(beans).stream()
                .map(manager -> manager.getBeans(DataSource.class, Any.Literal.INSTANCE))
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(Set.of());
    }

    private DataSource reference(Bean<?> bean) {
        return (DataSource) beans.getReference(bean, DataSource.class, beans.createCreationalContext(bean));
    }

    private static List<String> names(Set<Bean<?>> found) {
        return found.stream().map(DataSources::describe).sorted().toList();
    }

    private static String describe(Bean<?> bean) {
        String name = bean.getName() == null ? "without @Named" : "@Named(\"" + bean.getName() + "\")";
        return name + " of " + bean.getBeanClass().getTypeName();
    }
}
