package io.github.pgqueue;

/** The name of a queue, channel or cache breaks its rule. Thrown before anything reaches the database. */
public final class InvalidNameException extends PgQueueException {

    private static final long serialVersionUID = 1L;

    private final String name;

    private InvalidNameException(String code, String message, String name) {
        super(code, message, null);
        this.name = name;
    }

    static InvalidNameException queue(String name) {
        return new InvalidNameException(
                "PGQ1001",
                printable(name) + " is not a queue name: 1 to 40 characters out of A-Z a-z 0-9 _ are allowed,"
                        + " and case matters",
                name);
    }

    /** PGQ2001: the channel's name is empty, has a NUL, or is longer than NOTIFY allows. */
    public static InvalidNameException channel(String name, int maxBytes) {
        return new InvalidNameException(
                "PGQ2001",
                printable(name) + " is not a channel name: it must have 1 to " + maxBytes
                        + " bytes in UTF-8, without NUL or lone surrogates. PostgreSQL allows 63 bytes, the schema's"
                        + " channel prefix included",
                name);
    }

    /** PGQ3001: the cache's name is empty or too long. */
    public static InvalidNameException cache(String name, int maxBytes) {
        return new InvalidNameException(
                "PGQ3001",
                printable(name) + " is not a cache name: it must have 1 to " + maxBytes
                        + " bytes in UTF-8, without NUL or lone surrogates",
                name);
    }

    /** PGQ3002: the key of a cache entry is too long for the index, or cannot be stored. */
    public static InvalidNameException cacheKey(int maxBytes) {
        return new InvalidNameException(
                "PGQ3002",
                "the key of a cache entry must have at most " + maxBytes + " bytes in UTF-8, without lone surrogates;"
                        + " use a hash of it as the key",
                "");
    }

    /** The name that was refused; empty for a cache key, which may be confidential. */
    public String name() {
        return name;
    }
}
