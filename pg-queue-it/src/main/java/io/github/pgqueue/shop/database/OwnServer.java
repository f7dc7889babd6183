package io.github.pgqueue.shop.database;

/** A server of the user's own: reached, never stopped. */
final class OwnServer extends Server {

    /** How to ask for one, in messages. */
    static final String USAGE = "-Dpg=jdbc:postgresql://host:port/database?user=NAME&password=WORD";

    private final Address address;

    private OwnServer(Address address) {
        this.address = address;
    }

    static OwnServer at(String url) {
        // not in the message what begins like a URL: it may hold a password
        String shown = url.startsWith("jdbc:") ? "a URL that the PostgreSQL driver cannot read" : "\"" + url + "\"";
        return Address.parse(url)
                .map(OwnServer::new)
                .orElseThrow(() -> new DatabaseUnavailableException(
                        "-Dpg is " + shown + ", where only -Dpg=embedded, -Dpg=testcontainers and " + USAGE
                                + " are known.",
                        null));
    }

    @Override
    Address address() {
        return address;
    }

    @Override
    boolean isRunning() {
        return true;
    }

    @Override
    boolean outlivesThisProcess() {
        return true;
    }

    @Override
    public void close() {
        // not ours to stop
    }
}
