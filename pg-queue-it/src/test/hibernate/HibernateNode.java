import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Converter;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.NaturalId;
import org.hibernate.annotations.NaturalIdCache;
import org.hibernate.cfg.Configuration;
import org.hibernate.stat.Statistics;

/**
 * A JVM with Hibernate, which does what lines of its input say, and answers each with a line: the number of the line,
 * what was found, the hits of the caches, and how many SQL SELECTs it took.
 *
 * <p>Started from its source: Hibernate 7 brings a newer Jakarta Persistence than the other tests may see.
 */
public final class HibernateNode {

    public enum Color {
        RED,
        GREEN
    }

    @Entity(name = "Tea")
    @Immutable
    @NaturalIdCache
    @Cache(usage = CacheConcurrencyStrategy.READ_ONLY)
    public static class Tea {
        @Id
        Long id;

        @NaturalId
        String code;

        String name;
    }

    @Embeddable
    public record Shade(Color color, int depth) implements Serializable {}

    @Entity(name = "Paint")
    @Immutable
    @Cache(usage = CacheConcurrencyStrategy.READ_ONLY)
    public static class Paint {
        @EmbeddedId
        Shade id;

        String name;
    }

    public record LineId(Long order, Integer line) implements Serializable {}

    @Entity(name = "Line")
    @Immutable
    @IdClass(LineId.class)
    @Cache(usage = CacheConcurrencyStrategy.READ_ONLY)
    public static class Line {
        @Id
        @Column(name = "order_no")
        Long order;

        @Id
        Integer line;

        String name;
    }

    @Entity(name = "Badge")
    @Immutable
    @NaturalIdCache
    @Cache(usage = CacheConcurrencyStrategy.READ_ONLY)
    public static class Badge {
        @Id
        Long id;

        @NaturalId
        Color color;

        String name;
    }

    /** Changes, in a cache whose entries expire soon. */
    @Entity(name = "Stock")
    @Cache(usage = CacheConcurrencyStrategy.NONSTRICT_READ_WRITE)
    public static class Stock {
        @Id
        Long id;

        Color color;

        @Convert(converter = Pausing.class)
        String name;
    }

    /** Changes, in a cache whose entries do not expire: not to be imitated. */
    @Entity(name = "Loose")
    @Cache(usage = CacheConcurrencyStrategy.NONSTRICT_READ_WRITE)
    public static class Loose {
        @Id
        Long id;

        @Convert(converter = Pausing.class)
        String name;
    }

    /** Stops a load between its SELECT and the cache, until the next line of the input. */
    @Converter
    public static class Pausing implements AttributeConverter<String, String> {

        @Override
        public String convertToDatabaseColumn(String attribute) {
            return attribute;
        }

        @Override
        public String convertToEntityAttribute(String column) {
            if (pausing) {
                pausing = false;
                System.out.println("paused");
                try {
                    INPUT.readLine();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return column;
        }
    }

    private static final BufferedReader INPUT = new BufferedReader(new InputStreamReader(System.in));
    private static final AtomicInteger SELECTS = new AtomicInteger();

    private static boolean pausing;

    private HibernateNode() {}

    public static void main(String[] arguments) throws Exception {
        // Started from its source, it is in a class loader that nobody else knows.
        Thread.currentThread().setContextClassLoader(HibernateNode.class.getClassLoader());
        Properties properties = new Properties();
        try (InputStream in = new FileInputStream(arguments[0])) {
            properties.load(in);
        }
        Configuration configuration = new Configuration();
        configuration.addProperties(properties);
        for (Class<?> entity :
                new Class<?>[] {Tea.class, Paint.class, Line.class, Badge.class, Stock.class, Loose.class}) {
            configuration.addAnnotatedClass(entity);
        }
        configuration.setStatementInspector(sql -> {
            if (sql.startsWith("select")) {
                SELECTS.incrementAndGet();
            }
            return sql;
        });
        try (SessionFactory factory = configuration.buildSessionFactory()) {
            System.out.println("ready");
            int number = 0;
            for (String line = INPUT.readLine(); line != null; line = INPUT.readLine()) {
                number++;
                System.out.println(number + " " + answer(factory, line.split(" ")));
            }
        }
    }

    private static String answer(SessionFactory factory, String[] words) {
        Statistics statistics = factory.getStatistics();
        statistics.clear();
        SELECTS.set(0);
        String found;
        try {
            found = factory.fromTransaction(session -> found(session, words));
        } catch (RuntimeException e) {
            return "failed " + messages(e);
        }
        return found + " hits=" + statistics.getSecondLevelCacheHitCount() + " naturalIdHits="
                + statistics.getNaturalIdCacheHitCount() + " queryHits=" + statistics.getQueryCacheHitCount()
                + " selects=" + SELECTS.get();
    }

    private static String messages(Throwable failure) {
        String message = failure.toString().lines().findFirst().orElse("");
        return failure.getCause() == null ? message : message + " / " + messages(failure.getCause());
    }

    private static String found(Session session, String[] words) {
        switch (words[0]) {
            case "tea":
                return session.find(Tea.class, Long.valueOf(words[1])).name;
            case "paint":
                return session.find(Paint.class, new Shade(Color.valueOf(words[1]), Integer.parseInt(words[2]))).name;
            case "line":
                return session.find(Line.class, new LineId(Long.valueOf(words[1]), Integer.valueOf(words[2]))).name;
            case "code":
                return session.bySimpleNaturalId(Tea.class).load(words[1]).name;
            case "badge":
                return session.bySimpleNaturalId(Badge.class).load(Color.valueOf(words[1])).name;
            case "pause":
                pausing = true;
                return found(session, new String[] {words[1], words[2]});
            case "stock":
                return session.find(Stock.class, Long.valueOf(words[1])).name;
            case "loose":
                return session.find(Loose.class, Long.valueOf(words[1])).name;
            case "query":
                return session.createSelectionQuery(
                                "select s.name from Stock s where s.color = :color order by s.id", String.class)
                        .setParameter("color", Color.valueOf(words[1]))
                        .setCacheable(true)
                        .getResultList()
                        .toString()
                        .replace(" ", "");
            case "change-stock":
                session.find(Stock.class, Long.valueOf(words[1])).name = words[2];
                return "changed";
            case "change-loose":
                session.find(Loose.class, Long.valueOf(words[1])).name = words[2];
                return "changed";
            default:
                throw new IllegalArgumentException(words[0]);
        }
    }
}
