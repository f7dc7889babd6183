package io.github.pgqueue.it.servers.jpa;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;

/** By the entity manager of the server. */
@ApplicationScoped
public class ContainerParcels implements Parcels {

    @PersistenceContext
    private EntityManager entities;

    @Override
    public void add(Parcel parcel) {
        entities.persist(parcel);
    }

    @Override
    public Parcel get(String label) {
        return entities.find(Parcel.class, label);
    }

    @Override
    public int session() {
        return ((Number) entities.createNativeQuery("SELECT pg_backend_pid()").getSingleResult()).intValue();
    }
}
