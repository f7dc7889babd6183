package io.github.pgqueue.shop.orders;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts a stream of bytes into lines (LF, CRLF or CR) of bounded length; lines can be given back and are read again. */
final class LineReader implements AutoCloseable {

    /** Far beyond eight fields of the longest kind. */
    static final int MAX_BYTES = 65_536;

    private static final int END = -1;

    private final InputStream in;
    private final byte[] buffer = new byte[MAX_BYTES];
    private int position;
    private int limit;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final Deque<Line> givenBack = new ArrayDeque<>();
    private long offset;
    private long lines;

    LineReader(InputStream in) {
        this.in = in;
    }

    /** The next line; {@code null} at the end. */
    @Nullable
    Line next() throws IOException {
        return givenBack.isEmpty() ? read() : givenBack.removeFirst();
    }

    /** Makes {@link #next()} give these lines again, in this order. */
    void giveBack(List<Line> again) {
        for (int i = again.size() - 1; i >= 0; i--) {
            givenBack.addFirst(again.get(i));
        }
    }

    /** The number of the last line that was read. */
    long lastLine() {
        return lines;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private @Nullable Line read() throws IOException {
        if (peekByte() == END) {
            return null;
        }
        lines++;
        bytes.reset();
        long start = offset;
        boolean tooLong = false;
        for (boolean ended = false; !ended && peekByte() != END; ) {
            int b = takeByte();
            ended = b == '\n' || (b == '\r' && peekByte() != '\n');
            tooLong |= bytes.size() == MAX_BYTES;
            if (!tooLong) {
                bytes.write(b);
            }
        }
        return tooLong ? new Line(lines, "", -1, true) : decode(start);
    }

    private Line decode(long start) {
        ByteBuffer encoded = ByteBuffer.wrap(bytes.toByteArray());
        CharBuffer decoded = CharBuffer.allocate(encoded.remaining());
        decoder.reset();
        if (decoder.decode(encoded, decoded, /* endOfInput= */ true).isError()) {
            return new Line(lines, bytes.toString(StandardCharsets.UTF_8), start + encoded.position(), false);
        }
        String text = decoded.flip().toString();
        boolean byteOrderMark = start == 0 && text.startsWith("\uFEFF");
        return new Line(lines, byteOrderMark ? text.substring(1) : text, -1, false);
    }

    private int peekByte() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(in.read(buffer), 0);
        }
        return limit == 0 ? END : buffer[position];
    }

    private int takeByte() {
        offset++;
        return buffer[position++];
    }
}
