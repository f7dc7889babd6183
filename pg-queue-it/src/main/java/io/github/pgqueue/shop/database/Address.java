package io.github.pgqueue.shop.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a database is and who connects.
 *
 * @param hosts as in the URL
 * @param parameters of the URL, beginning with {@code ?} unless there are none; neither user nor password
 */
record Address(String hosts, String database, String parameters, String user, String password) {

    private static final Pattern URL = Pattern.compile("jdbc:postgresql://([^/?]*)(/[^?]*)?(\\?.*)?");

    /** Takes a URL apart; without a user, or a database, the driver's default is meant. Empty if it is no such URL. */
    static Optional<Address> parse(String url) {
        Matcher parts = URL.matcher(url);
        PGSimpleDataSource parsed = new PGSimpleDataSource();
        try {
            parsed.setURL(url);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (!parts.matches()) {
            return Optional.empty();
        }
        String user = Objects.requireNonNullElse(parsed.getUser(), System.getProperty("user.name"));
        String path = parts.group(2) == null ? "/" : parts.group(2);
        return Optional.of(new Address(
                parts.group(1),
                path.equals("/") ? user : path.substring(1),
                withoutUserAndPassword(parts.group(3)),
                user,
                Objects.requireNonNullElse(parsed.getPassword(), "")));
    }

    String url() {
        return "jdbc:postgresql://" + hosts + "/" + database + parameters;
    }

    /** The same server, another database, whose name needs no escapes in a URL. */
    Address database(String name) {
        return new Address(hosts, name, parameters, user, password);
    }

    PGSimpleDataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL(url());
        dataSource.setUser(user);
        dataSource.setPassword(password);
        return dataSource;
    }

    /** The one value of a SHOW. */
    String show(String sql) {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw unavailable("cannot be used", e);
        }
    }

    DatabaseUnavailableException unavailable(String what, SQLException cause) {
        return new DatabaseUnavailableException(
                "The PostgreSQL at " + hosts + ", database " + database + ", " + what + ": "
                        + Sentence.firstLine(cause),
                cause);
    }

    private static String withoutUserAndPassword(@Nullable String parameters) {
        if (parameters == null) {
            return "";
        }
        String kept = Arrays.stream(parameters.substring(1).split("&"))
                .filter(parameter -> !parameter.matches("(user|password)=.*"))
                .collect(Collectors.joining("&"));
        return kept.isEmpty() ? "" : "?" + kept;
    }
}
