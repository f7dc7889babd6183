package io.github.pgqueue.it.servers.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A business object; {@code ServerSetup} makes its table. */
@Entity
@Table(name = "parcel")
public class Parcel {

    @Id
    private String label = "";

    private String source = "";

    /** For the persistence provider. */
    protected Parcel() {}

    public Parcel(String label, String source) {
        this.label = label;
        this.source = source;
    }

    public String label() {
        return label;
    }

    public String source() {
        return source;
    }
}
