package io.github.pgqueue.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.support.TestServer;
import io.github.pgqueue.shop.database.Database;
import io.github.pgqueue.shop.desk.CardTerminal;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderShopIT {

    private static final String HEADER = "order_id,customer,email,sku,quantity,unit_price,currency,placed_at\n";
    private static final String REST = ",2,9.90,EUR,2026-01-05T09:08:16+02:00\n";

    @TempDir
    Path directory;

    @Test
    void run_mixedFile_keepsEveryPromiseAndAddsUp() throws Exception {
        List<String> ids = ids(150);
        long declined = ids.stream().filter(new CardTerminal()::declines).count();
        StringBuilder file = new StringBuilder(HEADER);
        file.append("bad-1,Ada,ada@example.org,TEA,-1,9.90,EUR,2026-01-05T09:08:16+02:00\n");
        file.append("bad-2,Ada,ada@example.org,TEA,1,9.90,XYZ,2026-01-05T09:08:16+02:00\n");
        file.append("bad-3,Ada\n");
        ids.forEach(id -> file.append(id)
                .append(",\"Zoë, \"\"Z\"\"\n李\",zoe@example.org,TEA")
                .append(REST));
        file.append(ids.get(0)).append(",Ada,ada@example.org,TEA").append(REST);
        file.append("huge,Ada,ada@example.org,TEA,2147483647,999999999999999.9999,EUR,2026-01-05T09:08:16Z\n");
        file.append("zero,Ada,ada@example.org,TEA,0,0,EUR,2026-01-05T09:08:16Z\n");
        List<String> before = schemas();

        ShopRun run = runOver(Files.writeString(directory.resolve("orders.csv"), file));

        assertThat(declined).isPositive();
        assertThat(run.lastLine())
                .isEqualTo("placed=%d rejected=4 rolledBack=%d receipts=%1$d".formatted(152 - declined, declined));
        assertThat(run.exitCode()).isZero();
        assertThat(run.labelled("kept")).hasSize(7);
        assertThat(run.labelled("rejected"))
                .contains("line 2: quantity is negative: \"-1\"")
                .contains("line 3: currency is not a code of ISO 4217: \"XYZ\"")
                .anyMatch(line -> line.startsWith("line 4: "))
                .contains("line 305: order_id is a duplicate of line 5");
        assertLeavesNothing(run, before);
    }

    @Test
    void run_headerOnly_isADayWithoutOrders() throws Exception {
        List<String> before = schemas();

        ShopRun run = runOver(Files.writeString(directory.resolve("orders.csv"), HEADER));

        assertThat(run.lastLine()).isEqualTo("placed=0 rejected=0 rolledBack=0 receipts=0");
        assertThat(run.exitCode()).isZero();
        assertLeavesNothing(run, before);
    }

    @Test
    void run_missingFile_saysSoInOneSentence() throws Exception {
        assertUnusable(runOver(directory.resolve("no-such-file.csv")), "does not exist");
    }

    @Test
    void run_emptyFile_saysSoInOneSentence() throws Exception {
        assertUnusable(runOver(Files.createFile(directory.resolve("empty.csv"))), "is empty");
    }

    @Test
    void run_binaryFile_saysSoInOneSentence() throws Exception {
        byte[] binary = new byte[10_000];
        IntStream.range(0, binary.length).forEach(i -> binary[i] = (byte) (i * 31));

        assertUnusable(runOver(Files.write(directory.resolve("orders.bin"), binary)), "header");
    }

    @Test
    void run_directory_saysSoInOneSentence() throws Exception {
        assertUnusable(runOver(directory), "is a directory");
    }

    @Test
    void run_unreachableServer_saysSoInOneSentence() throws Exception {
        Path file = Files.writeString(directory.resolve("orders.csv"), HEADER);

        ShopRun run = ShopRun.of(
                directory,
                Map.of("orders", file.toString(), "pg", "jdbc:postgresql://localhost:1/nowhere?user=nobody"));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.lastLine()).contains("localhost:1").endsWith(".");
        assertThat(run.lines()).noneMatch(OrderShopIT::isOfStackTrace);
    }

    private ShopRun runOver(Path orders) throws IOException, InterruptedException {
        return ShopRun.of(directory, Map.of("orders", orders.toString(), "pg", url(TestServer.get())));
    }

    private static void assertUnusable(ShopRun run, String reason) {
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.lines()).hasSize(1);
        assertThat(run.lastLine()).contains(reason).endsWith(".");
        assertThat(run.leftovers()).isEmpty();
    }

    private static void assertLeavesNothing(ShopRun run, List<String> schemasBefore) throws SQLException {
        assertThat(run.lines()).noneMatch(OrderShopIT::isOfStackTrace);
        assertThat(run.leftovers()).isEmpty();
        assertThat(schemas()).isEqualTo(schemasBefore);
    }

    private static boolean isOfStackTrace(String line) {
        return line.startsWith("\tat ") || line.startsWith("Caused by:") || line.startsWith("Exception in thread");
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "IT-" + i).toList();
    }

    private static List<String> schemas() throws SQLException {
        try (Connection connection = TestServer.get().dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT nspname FROM pg_namespace ORDER BY nspname")) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        }
    }

    private static String url(Database server) {
        String url = server.jdbcUrl();
        return url + (url.contains("?") ? "&" : "?") + "user=" + encoded(server.user()) + "&password="
                + encoded(server.password());
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
