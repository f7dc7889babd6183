package io.github.pgqueue.it.servers.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

/** A business object; {@code ServerSetup} makes its table. */
@Entity
@Table(name = "parcel")
public class Parcel {

    @Id
    private String label = "";

    private String source = "";

    @Version
    private int version;

    /** For the persistence provider. */
    protected Parcel() {}

    public Parcel(String label, String source) {
        this.label = label;
        this.source = source;
    }

    /** Somebody else's from now on. */
    public void give(String to) {
        source = to;
    }

    public int version() {
        return version;
    }

    public String label() {
        return label;
    }

    public String source() {
        return source;
    }
}
