package io.github.pgqueue.it.support;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the library writes to one of its loggers while this is open. */
public final class Logged implements AutoCloseable {

    private final Logger logger;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private final @Nullable Level before;

    private Logged(Logger logger) {
        this.logger = logger;
        this.before = logger.getLevel();
        logger.addHandler(handler);
    }

    /** Begins to record. */
    public static Logged by(String logger) {
        return new Logged(Logger.getLogger(logger));
    }

    /** Begins to record down to the last level. */
    public static Logged everythingBy(String logger) {
        Logged logged = by(logger);
        logged.handler.setLevel(Level.ALL);
        logged.logger.setLevel(Level.ALL);
        return logged;
    }

    /** The messages so far, without their stack traces. */
    public List<String> messages() {
        SimpleFormatter formatter = new SimpleFormatter();
        return records.stream().map(formatter::formatMessage).toList();
    }

    /** All that a log file would have, stack traces included. */
    public String text() {
        SimpleFormatter formatter = new SimpleFormatter();
        return records.stream().map(formatter::format).collect(Collectors.joining());
    }

    /** The messages so far of level WARNING that contain the text. */
    public List<String> warnings(String text) {
        SimpleFormatter formatter = new SimpleFormatter();
        return records.stream()
                .filter(record -> record.getLevel().equals(Level.WARNING))
                .map(formatter::formatMessage)
                .filter(message -> message.contains(text))
                .toList();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setLevel(before);
    }
}
