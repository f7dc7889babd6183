package io.github.pgqueue.shop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One run of the order shop in a process of its own, with a working directory and a temporary directory of its own.
 *
 * @param exitCode how it ended
 * @param lines what it printed, to either stream
 * @param leftovers the files that were left behind in its directories
 */
record ShopRun(int exitCode, List<String> lines, List<Path> leftovers) {

    private static final int PATIENCE_MINUTES = 5;

    /** Runs it in an empty directory. */
    static ShopRun of(Path directory, Map<String, String> properties) throws IOException, InterruptedException {
        Path work = Files.createDirectories(directory.resolve("work"));
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        Path output = directory.resolve("output.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary));
        properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), OrderShop.class.getName()));
        Process process = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                throw new IllegalStateException("the shop does not end; so far: " + Files.readString(output));
            }
        } finally {
            process.destroyForcibly();
        }
        return new ShopRun(process.exitValue(), Files.readAllLines(output), files(work, temporary));
    }

    String lastLine() {
        return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }

    /** The lines under a label. */
    List<String> labelled(String label) {
        return lines.stream()
                .filter(line -> line.startsWith("[" + label + "]"))
                .map(line -> line.substring(label.length() + 2).strip())
                .toList();
    }

    private static List<Path> files(Path... directories) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path directory : directories) {
            try (Stream<Path> found = Files.walk(directory)) {
                found.filter(file -> !file.equals(directory)).forEach(files::add);
            }
        }
        return files;
    }
}
