package io.github.pgqueue.shop.story;

import io.github.pgqueue.shop.runtime.ShopException;
import io.github.pgqueue.shop.runtime.Workspace;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The lines that are no orders. All of them go to a file; the console shows the first of each kind. Safe for use by many
 * threads.
 */
final class Rejections implements AutoCloseable {

    private static final int SHOWN_PER_KIND = 10;
    private static final int MAX_KINDS = 100;

    private final Narrator narrator;
    private final Path path;
    private final BufferedWriter file;
    private final Map<String, Kind> kinds = new TreeMap<>();

    /** Rejections that differ in figures and values only. */
    private static final class Kind {
        private final String example;
        private long count;

        Kind(String example) {
            this.example = example;
        }
    }

    Rejections(Narrator narrator, Path path) {
        this.narrator = narrator;
        this.path = path;
        try {
            this.file = Files.newBufferedWriter(path);
        } catch (IOException e) {
            throw notWritable(e);
        }
    }

    synchronized void add(long line, String reason) {
        try {
            file.write("line " + line + ": " + reason + "\n");
        } catch (IOException e) {
            throw notWritable(e);
        }
        Kind kind = kind(reason);
        kind.count++;
        if (kind.count <= SHOWN_PER_KIND) {
            narrator.say("rejected", "line %d: %s", line, reason);
        }
    }

    /** Says what the console did not show, and where all of it is. */
    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw notWritable(e);
        }
        for (Kind kind : kinds.values()) {
            if (kind.count > SHOWN_PER_KIND) {
                narrator.say("rejected", "and %,d more like: %s", kind.count - SHOWN_PER_KIND, kind.example);
            }
        }
        if (!kinds.isEmpty()) {
            narrator.say("rejected", "all of them are in %s", Workspace.shown(path));
        }
    }

    private Kind kind(String reason) {
        int quoted = reason.indexOf(": ");
        String text = quoted < 0 ? reason : reason.substring(0, quoted);
        String name = text.replaceAll("[0-9]+", "N");
        boolean tooMany = !kinds.containsKey(name) && kinds.size() >= MAX_KINDS;
        return kinds.computeIfAbsent(tooMany ? "others" : name, unknown -> new Kind(text));
    }

    private ShopException notWritable(IOException e) {
        return new ShopException("The rejected lines cannot be written to " + path + ": " + e.getMessage(), e);
    }
}
