package io.github.pgqueue.shop.orders;

/**
 * One physical line.
 *
 * @param number counted from 1
 * @param text with its line break; what is not UTF-8 is replaced; empty if the line is too long
 * @param badByte the offset in the file of the first byte that is not UTF-8; -1 if there is none
 * @param tooLong whether the line exceeds {@link LineReader#MAX_BYTES}
 */
record Line(long number, String text, long badByte, boolean tooLong) {

    boolean isBlank() {
        return !tooLong && (text.isEmpty() || text.equals("\n") || text.equals("\r\n") || text.equals("\r"));
    }

    boolean isUtf8() {
        return badByte < 0;
    }
}
