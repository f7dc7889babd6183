package io.github.pgqueue.it.servers.jpa;

import io.github.pgqueue.it.servers.Databases;
import io.github.pgqueue.it.servers.Environment;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import jakarta.transaction.TransactionScoped;
import java.io.Serializable;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where no server makes entity managers: one for each transaction, of a factory of the application's own. */
@ApplicationScoped
public class ApplicationParcels implements Parcels {

    @Inject
    private OfTransaction entities;

    /** The factory, on the data source that the jobs have. */
    @ApplicationScoped
    public static class Factory {

        @Inject
        private Databases databases;

        private @Nullable EntityManagerFactory factory;

        synchronized EntityManager make() {
            if (factory == null) {
                factory = Persistence.createEntityManagerFactory(
                        "it",
                        Map.of(
                                "jakarta.persistence.jtaDataSource",
                                databases.get(Environment.LOCAL),
                                "hibernate.transaction.jta.platform",
                                "JBossTS"));
            }
            return factory.createEntityManager();
        }

        @PreDestroy
        synchronized void close() {
            if (factory != null) {
                factory.close();
            }
        }
    }

    /** The entity manager of the active transaction. */
    @TransactionScoped
    public static class OfTransaction implements Serializable {

        private static final long serialVersionUID = 1;

        @Inject
        @SuppressWarnings("serial") // a client proxy
        private Factory factory;

        private transient @Nullable EntityManager entities;

        EntityManager get() {
            if (entities == null) {
                entities = factory.make();
            }
            return entities;
        }

        @PreDestroy
        void close() {
            if (entities != null) {
                entities.close();
            }
        }
    }

    @Override
    public void add(Parcel parcel) {
        entities.get().persist(parcel);
    }

    @Override
    public Parcel get(String label) {
        return entities.get().find(Parcel.class, label);
    }

    @Override
    public int session() {
        return ((Number) entities.get()
                        .createNativeQuery("SELECT pg_backend_pid()")
                        .getSingleResult())
                .intValue();
    }
}
