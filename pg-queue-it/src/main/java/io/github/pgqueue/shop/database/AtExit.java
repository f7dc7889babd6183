package io.github.pgqueue.shop.database;

/** An action that runs once: when closed, else when the JVM shuts down in an orderly way. */
final class AtExit implements AutoCloseable {

    private final Runnable action;
    private final Thread hook;
    private boolean done;

    private AtExit(Runnable action) {
        this.action = action;
        this.hook = new Thread(this::runOnce, "database-at-exit");
    }

    static AtExit register(Runnable action) {
        AtExit atExit = new AtExit(action);
        Runtime.getRuntime().addShutdownHook(atExit.hook);
        return atExit;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // then the hook waits in runOnce until the action has ended
        }
        runOnce();
    }

    private synchronized void runOnce() {
        if (!done) {
            done = true;
            action.run();
        }
    }
}
