package io.github.pgqueue.shop.database;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Turns down what the libraries log on their way; the user gets one sentence from us instead. */
final class Quiet {

    /** Held here, since the log manager forgets loggers that nobody holds, and their levels with them. */
    private static final List<Logger> LOGGERS = Stream.of(
                    "com.github.dockerjava", "io.zonky.test", "org.testcontainers", "tc")
            .map(Logger::getLogger)
            .toList();

    private Quiet() {}

    /** Leaves alone the loggers for which the user has set a level. */
    static void libraries() {
        LOGGERS.stream().filter(logger -> logger.getLevel() == null).forEach(logger -> logger.setLevel(Level.OFF));
    }
}
