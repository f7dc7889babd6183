package io.github.pgqueue.it.bench;

/** The payload of every job: about 100 bytes as JSON. */
record Parcel(long id, String recipient, String street, String city, int grams) {

    static Parcel of(long id) {
        return new Parcel(id, "Ada Lovelace", "12 St James Square", "London SW1Y", 1_250);
    }

    /** The same as text, for those that push by bare JDBC. */
    static String json(long id) {
        return "{\"id\":" + id + ",\"recipient\":\"Ada Lovelace\",\"street\":\"12 St James Square\","
                + "\"city\":\"London SW1Y\",\"grams\":1250}";
    }
}
