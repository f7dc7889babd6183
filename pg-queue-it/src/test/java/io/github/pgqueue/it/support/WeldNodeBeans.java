package io.github.pgqueue.it.support;

import io.agroal.api.AgroalDataSource;
import io.github.pgqueue.spi.PgQueueListener;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Default;
import jakarta.enterprise.inject.literal.NamedLiteral;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;

/** The beans of a {@link WeldNode} that stand for what a server would bring. */
final class WeldNodeBeans implements Extension {

    private final Map<String, DataSource> dataSources = new LinkedHashMap<>();
    private final Probe probe = new Probe();
    private boolean probed = true;

    void dataSource(String name, DataSource dataSource) {
        dataSources.put(name, dataSource);
    }

    Probe probe() {
        return probe;
    }

    void withoutProbe() {
        probed = false;
    }

    void add(@Observes AfterBeanDiscovery event) {
        dataSources.forEach((name, dataSource) -> add(event, name, dataSource));
        if (probed) {
            event.addBean()
                    .id("probe")
                    .beanClass(Probe.class)
                    .types(Probe.class, PgQueueListener.class)
                    .createWith(context -> probe);
        }
    }

    private static void add(AfterBeanDiscovery event, String name, DataSource dataSource) {
        var bean = event.addBean()
                .id("data source " + name)
                .beanClass(NarayanaPool.class)
                .types(DataSource.class, dataSource instanceof AgroalDataSource ? AgroalDataSource.class : Object.class)
                .addQualifier(Any.Literal.INSTANCE)
                .createWith(context -> dataSource);
        if (name.isEmpty()) {
            bean.addQualifier(Default.Literal.INSTANCE);
        } else {
            bean.addQualifier(NamedLiteral.of(name)).name(name);
        }
    }
}
