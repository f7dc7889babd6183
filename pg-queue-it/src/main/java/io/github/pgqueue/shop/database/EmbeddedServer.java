package io.github.pgqueue.shop.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server of our own on a free port of the loopback interface, with a data directory that goes with it.
 *
 * <p>Made by {@link Database#open()}, or by {@link #start(Path, Map)} for a second one of another version. Works for
 * root (in a user namespace) and for ordinary users; each user has a working directory of his own for the unpacked
 * binaries and the data. Commits survive {@link #crash()} of the server, not of the machine: {@code fsync} is off.
 *
 * <p>Safe for use by many threads. A server whose JVM was killed goes on running; the next start removes it.
 */
public final class EmbeddedServer extends Server {

    private static final Duration START_WAIT = Duration.ofSeconds(60);
    private static final int ATTEMPTS = 3;

    /** What passes unharmed through the shell that starts the server. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.,:/%+-]*");

    private static final Map<String, String> CONFIG = Map.ofEntries(
            Map.entry("deadlock_timeout", "200ms"),
            Map.entry("fsync", "off"),
            Map.entry("full_page_writes", "off"),
            Map.entry("jit", "off"),
            Map.entry("listen_addresses", "localhost"),
            Map.entry("max_connections", "200"),
            Map.entry("max_prepared_transactions", "64"),
            Map.entry("shared_buffers", "64MB"),
            // off would lose acknowledged commits when the server is killed
            Map.entry("synchronous_commit", "on"),
            Map.entry("unix_socket_directories", ""));

    private final ServerDirectory directory;
    private final Postmaster postmaster;
    private final Address address;
    private final AtExit stop;

    private EmbeddedServer(ServerDirectory directory, int port) {
        this.directory = directory;
        this.postmaster = directory.postmaster();
        this.address = new Address("localhost:" + port, "postgres", "", "postgres", "postgres");
        this.stop = AtExit.register(directory::close);
    }

    /** Starts the PostgreSQL whose binaries are on the class path. */
    public static EmbeddedServer start() {
        return start(null, Map.of());
    }

    /**
     * Starts a PostgreSQL.
     *
     * @param binariesJar a jar with {@code postgres-<system>-<architecture>.txz}; {@code null} for the class path's
     * @param extraConfig settings of {@code postgresql.conf} in addition to, or instead of, ours
     */
    public static EmbeddedServer start(@Nullable Path binariesJar, Map<String, String> extraConfig) {
        Map<String, String> config = new HashMap<>(CONFIG);
        config.putAll(extraConfig);
        config.forEach(EmbeddedServer::requirePlain);
        Quiet.libraries();
        try {
            Path servers = WorkingDirectory.ofServers();
            refuseRootWithoutNamespace(servers);
            ServerDirectory.removeOrphans(servers);
            return start(servers, binariesJar, config);
        } catch (IOException e) {
            throw didNotStart(Sentence.rootCause(e), e);
        }
    }

    private static EmbeddedServer start(Path servers, @Nullable Path binariesJar, Map<String, String> config)
            throws IOException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            EmbeddedServer server = start(ServerDirectory.create(servers), binariesJar, config);
            if (server.isOurs()) {
                return server;
            }
            // another server took the free port before ours, and answered in its place
            server.close();
        }
        throw didNotStart("every port that was free was taken a moment later", null);
    }

    private static EmbeddedServer start(
            ServerDirectory directory, @Nullable Path binariesJar, Map<String, String> config) {
        ProcessBuilder.Redirect toLog =
                ProcessBuilder.Redirect.appendTo(directory.log().toFile());
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(directory.data())
                .setErrorRedirector(toLog)
                .setLocaleConfig("locale", "C")
                .setOutputRedirector(toLog)
                .setPGStartupWait(START_WAIT)
                .setRegisterShutdownHook(false);
        config.forEach(builder::setServerConfig);
        if (binariesJar != null) {
            builder.setPgBinaryResolver(new BinariesJar(binariesJar));
        }
        try {
            return new EmbeddedServer(directory, builder.start().getPort());
        } catch (IOException | RuntimeException | ExceptionInInitializerError e) {
            String reason = directory.complaint().orElseGet(() -> Sentence.rootCause(e));
            directory.close();
            throw didNotStart(reason, e);
        }
    }

    /** A handle on the server's main database; closing it does not stop the server. */
    public Database database() {
        return Database.of(this, () -> {});
    }

    /** The number of the server's process; an {@link IllegalStateException} when it is not running. */
    public long postmasterPid() {
        return postmaster
                .process()
                .map(ProcessHandle::pid)
                .orElseThrow(() -> new IllegalStateException("the embedded PostgreSQL is not running"));
    }

    /** Kills the server with all its sessions, as {@code kill -9} does, and starts it on the same data and port. */
    public void crash() {
        kill();
        restart();
    }

    /** The first half of {@link #crash()}: returns when the processes are gone. */
    public void kill() {
        postmaster.kill();
    }

    /** The same as {@link #kill()} as its sessions see it when the server is stopped without waiting for them. */
    public void stopImmediately() {
        postmaster.stop();
    }

    /** The second half of {@link #crash()}: returns when the server has recovered and takes connections. */
    public void restart() {
        postmaster.restart(START_WAIT);
    }

    /** Stops the server and removes its data directory; the second time does nothing. */
    @Override
    public void close() {
        stop.close();
    }

    @Override
    Address address() {
        return address;
    }

    @Override
    boolean isRunning() {
        return postmaster.process().isPresent();
    }

    @Override
    boolean outlivesThisProcess() {
        return false;
    }

    private boolean isOurs() {
        return directory.data().equals(Path.of(address.show(DatabaseSql.DATA_DIRECTORY)));
    }

    private static void refuseRootWithoutNamespace(Path servers) throws IOException {
        if (WorkingDirectory.isOfRoot(servers) && !LinuxUtils.isUnshareAvailable()) {
            throw new DatabaseUnavailableException(
                    "The embedded PostgreSQL cannot run as root on this machine, which does not let root make a user "
                            + "namespace (unshare -U): run as an ordinary user, or give a server of your own with "
                            + OwnServer.USAGE + ".",
                    null);
        }
    }

    private static DatabaseUnavailableException didNotStart(String reason, @Nullable Throwable cause) {
        return new DatabaseUnavailableException(
                "The embedded PostgreSQL did not start (" + reason + "); a server of your own can be given with "
                        + OwnServer.USAGE + ".",
                cause);
    }

    private static void requirePlain(String key, String value) {
        if (!PLAIN.matcher(key).matches() || !PLAIN.matcher(value).matches()) {
            throw new IllegalArgumentException("a setting with blanks or quotes cannot be given: " + key + "=" + value);
        }
    }
}
