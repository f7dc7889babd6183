package io.github.pgqueue.shop.orders;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads CSV record by record. A CSV parser alone would have to give up at the first broken quote; here the lines of one
 * record are gathered first, and where its quotes turn out to be broken only its first line is lost: the others are
 * read again, each as the beginning of a record.
 */
final class RecordReader implements AutoCloseable {

    private final LineReader lines;

    RecordReader(InputStream in) {
        this.lines = new LineReader(in);
    }

    /** The next record, empty lines passed over; {@code null} at the end. */
    @Nullable
    CsvRecord next() throws IOException {
        Line first = lines.next();
        while (first != null && first.isBlank()) {
            first = lines.next();
        }
        return first == null ? null : record(first);
    }

    /** The number of the last line that was read. */
    long lastLine() {
        return lines.lastLine();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private CsvRecord record(Line first) throws IOException {
        if (first.tooLong()) {
            return new CsvRecord.Broken(first.number(), "the line is longer than " + LineReader.MAX_BYTES + " bytes");
        }
        Quoting quoting = new Quoting();
        quoting.scan(first.text());
        List<Line> following = new ArrayList<>();
        int length = first.text().length();
        while (quoting.isOpen()) {
            Line line = lines.next();
            if (line != null) {
                following.add(line);
                length += line.text().length();
            }
            if (line == null || line.tooLong() || length > LineReader.MAX_BYTES) {
                return broken(first, following, "a quote is opened and not closed");
            }
            quoting.scan(line.text());
        }
        if (quoting.fault().isPresent()) {
            return broken(first, following, quoting.fault().get());
        }
        following.add(0, first);
        return parse(first.number(), following);
    }

    private CsvRecord broken(Line first, List<Line> following, String fault) {
        lines.giveBack(following);
        return new CsvRecord.Broken(first.number(), "broken quoting: " + fault);
    }

    private static CsvRecord parse(long number, List<Line> record) throws IOException {
        for (Line line : record) {
            if (!line.isUtf8()) {
                return new CsvRecord.Broken(number, "not UTF-8 at byte " + line.badByte() + " of the file");
            }
        }
        String text = record.stream().map(Line::text).collect(Collectors.joining());
        try (CSVParser parser = CSVParser.parse(text, CSVFormat.RFC4180)) {
            CSVRecord fields = parser.iterator().next();
            return new CsvRecord.Fields(number, fields.toList());
        }
    }
}
