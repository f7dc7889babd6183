package io.github.pgqueue.shop.orders;

import java.util.Optional;

/** Follows the quotes of one record, line by line, as RFC 4180 has them: finds where the record ends, and what is broken. */
final class Quoting {

    private enum State {
        FIELD_START,
        PLAIN,
        QUOTED,
        QUOTE_IN_QUOTED
    }

    private State state = State.FIELD_START;
    private String fault = "";

    /** Takes the next line of the record, its line break included. */
    void scan(String line) {
        for (int i = 0; i < line.length() && fault.isEmpty(); i++) {
            state = after(line.charAt(i));
        }
    }

    /** Whether a quoted field goes on in the next line. */
    boolean isOpen() {
        return fault.isEmpty() && state == State.QUOTED;
    }

    /** What makes it impossible to tell the fields apart, if anything. */
    Optional<String> fault() {
        return fault.isEmpty() ? Optional.empty() : Optional.of(fault);
    }

    private State after(char c) {
        return switch (state) {
            case FIELD_START -> c == '"' ? State.QUOTED : isFieldEnd(c) ? State.FIELD_START : State.PLAIN;
            case PLAIN -> {
                if (c == '"') {
                    fault = "a quote in a field that does not begin with one";
                }
                yield isFieldEnd(c) ? State.FIELD_START : State.PLAIN;
            }
            case QUOTED -> c == '"' ? State.QUOTE_IN_QUOTED : State.QUOTED;
            case QUOTE_IN_QUOTED -> {
                if (c != '"' && !isFieldEnd(c)) {
                    fault = "text after a closing quote";
                }
                yield c == '"' ? State.QUOTED : State.FIELD_START;
            }
        };
    }

    private static boolean isFieldEnd(char c) {
        return c == ',' || c == '\n' || c == '\r';
    }
}
