package io.github.pgqueue.shop.board;

/**
 * The question to every node what it has seen so far, published on {@link #CHANNEL}.
 *
 * @param number which call it is
 */
public record RollCall(int number) {

    /** The channel of these questions. */
    public static final String CHANNEL = "roll_call";
}
