package io.github.pgqueue.internal.channel;

import io.github.pgqueue.InvalidNameException;
import io.github.pgqueue.internal.jdbc.Text;

/** The rule for names of channels: what NOTIFY takes, with the schema's prefix before it. */
public final class ChannelName {

    private static final int MAX_BYTES = 63;

    private ChannelName() {}

    /** Checks what can be checked without the schema's prefix. */
    public static String check(String name) {
        full("", name);
        return name;
    }

    /** The name under which LISTEN and NOTIFY know the channel. */
    public static String full(String prefix, String name) {
        int bytes = Text.utf8(name).map(utf8 -> utf8.length).orElse(0);
        if (bytes == 0 || prefix.length() + bytes > MAX_BYTES) {
            throw InvalidNameException.channel(name, MAX_BYTES - prefix.length());
        }
        return prefix + name;
    }
}
