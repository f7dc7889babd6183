package io.github.pgqueue.internal.cache;

import io.github.pgqueue.internal.cache.EntryState.Kind;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What a door tells the others of an entry that it changes, where they are to hear more than that it has changed: one
 * text of printable ASCII, in place of a {@link ChangeNotice} and on the same channel.
 *
 * @param door the one that tells
 * @param table the hash of the schema and table
 * @param cache the hash of the cache's name
 */
record EventNotice(long door, long table, long cache, EntryChange change) {

    /** As many bytes as a key may have whose changes are told: in Base64 they leave room for a small value. */
    private static final int MAX_KEY_BYTES = 4_000;

    /** What PostgreSQL takes as a notification. */
    private static final int MAX_LENGTH = 7_999;

    private static final String MARK = "event";
    private static final String ABSENT = "-";
    private static final String LIVE = "+";
    private static final String EXPIRED = "x";
    private static final int FIELDS = 7;

    /** With the values that fit, the new one before the old one; empty if not even the key does. */
    Optional<String> text() {
        if (change.key().length > MAX_KEY_BYTES) {
            return Optional.empty();
        }
        String head = String.join(
                " ",
                MARK,
                Long.toHexString(door),
                Long.toHexString(table),
                Long.toHexString(cache),
                Base64.getEncoder().encodeToString(change.key()));
        String briefBefore = text(change.before().withoutValue());
        String after = fitting(change.after(), head.length() + briefBefore.length() + 2);
        String before = fitting(change.before(), head.length() + after.length() + 2);
        return Optional.of(String.join(" ", head, before, after));
    }

    private static String fitting(EntryState state, int others) {
        String text = text(state);
        return others + text.length() <= MAX_LENGTH ? text : text(state.withoutValue());
    }

    private static String text(EntryState state) {
        String kind = switch (state.kind()) {
            case ABSENT -> ABSENT;
            case LIVE -> LIVE;
            case EXPIRED -> EXPIRED;
        };
        StoredValue value = state.value();
        return value == null
                ? kind
                : kind + value.codec() + ':' + Base64.getEncoder().encodeToString(value.bytes());
    }

    static boolean isOne(String text) {
        return text.startsWith(MARK);
    }

    /** Empty if another version of this library has written it. */
    static Optional<EventNotice> parse(String text) {
        List<String> fields = List.of(text.split(" ", -1));
        if (fields.size() != FIELDS) {
            return Optional.empty();
        }
        try {
            EntryChange change = new EntryChange(
                    Base64.getDecoder().decode(fields.get(4)), state(fields.get(5)), state(fields.get(6)));
            return Optional.of(new EventNotice(hash(fields.get(1)), hash(fields.get(2)), hash(fields.get(3)), change));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static long hash(String hexadecimal) {
        return Long.parseUnsignedLong(hexadecimal, 16);
    }

    private static EntryState state(String text) {
        Kind kind = switch (text.isEmpty() ? "" : text.substring(0, 1)) {
            case ABSENT -> Kind.ABSENT;
            case LIVE -> Kind.LIVE;
            case EXPIRED -> Kind.EXPIRED;
            default -> throw new IllegalArgumentException("no state of an entry");
        };
        int colon = text.indexOf(':');
        StoredValue value = colon < 0
                ? null
                : new StoredValue(
                        Base64.getDecoder().decode(text.substring(colon + 1)),
                        Short.parseShort(text.substring(1, colon)));
        return new EntryState(kind, value);
    }

    /** The same for copies of the entry. */
    ChangeNotice brief() {
        return new ChangeNotice(cache, List.of(KeyHash.of(change.key())));
    }
}
