package io.github.pgqueue.shop.orders;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file of orders, read once from its beginning to its end in constant memory.
 *
 * <p>CSV by RFC 4180 in UTF-8, with or without a byte order mark; lines end with CRLF, LF or CR. It begins with the
 * header {@code order_id,customer,email,sku,quantity,unit_price,currency,placed_at}, its columns in any order. Empty
 * lines are passed over; every other record is one {@link OrderLine}. Where quotes are broken, the line on which the
 * record began is rejected and reading goes on with the line after it.
 *
 * <p>Made by {@link #open(Path)} or {@link #sample()}, closed by whoever opened it, used by one thread. What makes the
 * whole file unreadable is an {@link OrderFileException}, on opening or, if the disk fails later, on reading.
 */
public final class OrderFile implements Iterable<OrderLine>, AutoCloseable {

    private static final String SAMPLE = "/io/github/pgqueue/shop/orders.csv";
    private static final String HEADER = String.join(",", Columns.NAMES);

    private final String name;
    private final RecordReader records;
    private final Columns columns;
    private boolean iterating;

    private OrderFile(String name, RecordReader records, Columns columns) {
        this.name = name;
        this.records = records;
        this.columns = columns;
    }

    /** As {@link #open(Path)}, for a path as a user typed it. */
    public static OrderFile open(String path) {
        try {
            return open(Path.of(path));
        } catch (InvalidPathException e) {
            throw problem(Printable.quoted(path), "cannot be found: " + e.getReason(), e);
        }
    }

    /** Opens a file and reads its header. */
    public static OrderFile open(Path path) {
        String name = Printable.quoted(path.toString());
        if (Files.isDirectory(path)) {
            throw problem(name, "is a directory", null);
        }
        try {
            return open(name, Files.newInputStream(path));
        } catch (NoSuchFileException e) {
            throw problem(name, "does not exist", e);
        } catch (AccessDeniedException e) {
            throw problem(name, "may not be read by this user", e);
        } catch (IOException e) {
            throw problem(name, "cannot be read: " + e.getMessage(), e);
        }
    }

    /** Opens the sample that comes with the order shop: 2,500 orders, and 130 lines that are none or repeat one. */
    public static OrderFile sample() {
        InputStream in = Objects.requireNonNull(OrderFile.class.getResourceAsStream(SAMPLE), SAMPLE);
        try {
            return open("of the sample", in);
        } catch (IOException e) {
            throw problem("of the sample", "cannot be read: " + e.getMessage(), e);
        }
    }

    /** The one pass over the orders; a second one is refused. */
    @Override
    public Iterator<OrderLine> iterator() {
        if (iterating) {
            throw new IllegalStateException("an order file is read once");
        }
        iterating = true;
        return new Orders();
    }

    @Override
    public void close() {
        try {
            records.close();
        } catch (IOException e) {
            throw problem(name, "cannot be closed: " + e.getMessage(), e);
        }
    }

    private static OrderFile open(String name, InputStream in) throws IOException {
        RecordReader records = new RecordReader(in);
        try {
            return new OrderFile(name, records, columns(name, records.next()));
        } catch (IOException | OrderFileException e) {
            records.close();
            throw e;
        }
    }

    private static Columns columns(String name, @Nullable CsvRecord header) {
        if (header == null) {
            throw problem(name, "is empty, but must begin with the header " + HEADER, null);
        }
        if (header instanceof CsvRecord.Fields fields) {
            return Columns.of(fields.values()).orElseThrow(() -> {
                String found = Printable.quoted(String.join(",", fields.values()));
                return problem(name, "must begin with the header " + HEADER + ", but begins with " + found, null);
            });
        }
        String reason = ((CsvRecord.Broken) header).reason();
        String unreadable = ", but line " + header.line() + " cannot be read: " + reason;
        throw problem(name, "must begin with the header " + HEADER + unreadable, null);
    }

    private static OrderFileException problem(String name, String what, @Nullable Throwable cause) {
        return new OrderFileException("The order file " + name + " " + what + ".", cause);
    }

    private final class Orders implements Iterator<OrderLine> {

        private @Nullable OrderLine next = read();

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public OrderLine next() {
            OrderLine line = next;
            if (line == null) {
                throw new NoSuchElementException();
            }
            next = read();
            return line;
        }

        private @Nullable OrderLine read() {
            try {
                CsvRecord csvRecord = records.next();
                return csvRecord == null ? null : orderLine(csvRecord);
            } catch (IOException e) {
                throw problem(name, "cannot be read beyond line " + records.lastLine() + ": " + e.getMessage(), e);
            }
        }

        private OrderLine orderLine(CsvRecord csvRecord) {
            if (csvRecord instanceof CsvRecord.Fields fields) {
                try {
                    return new OrderLine.Accepted(fields.line(), columns.order(fields.values()));
                } catch (BadFieldException e) {
                    return new OrderLine.Rejected(fields.line(), e.reason());
                }
            }
            return new OrderLine.Rejected(csvRecord.line(), ((CsvRecord.Broken) csvRecord).reason());
        }
    }
}
