package io.github.pgqueue.it.servers.jpa;

/** Keeps parcels, in the transaction of the calling thread. */
public interface Parcels {

    /** Persists one; its SQL may wait until the commit. */
    void add(Parcel parcel);

    /** One that there is. */
    Parcel get(String label);

    /** The database session that the entity manager uses. */
    int session();
}
