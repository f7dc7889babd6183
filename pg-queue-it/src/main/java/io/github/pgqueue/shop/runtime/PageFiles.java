package io.github.pgqueue.shop.runtime;

import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of the page, read anew each time, so that whoever works on them sees them. */
final class PageFiles {

    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css; charset=UTF-8",
            "html", "text/html; charset=UTF-8",
            "js", "text/javascript; charset=UTF-8",
            "svg", "image/svg+xml; charset=UTF-8");

    private final Path folder;

    /** The files right in this folder. */
    PageFiles(Path folder) {
        if (!Files.isRegularFile(folder.resolve("index.html"))) {
            throw new ShopException(
                    "The page is not in " + folder + "; say with -Dshop.page where src/main/webapp is.", null);
        }
        this.folder = folder;
    }

    /** A file whose name has neither a slash nor a second dot. */
    Response answer(String name) {
        @Nullable String type = TYPES.get(name.substring(name.indexOf('.') + 1));
        if (type == null) {
            throw new NotFoundException();
        }
        try {
            return Response.ok(Files.readAllBytes(folder.resolve(name)), type).build();
        } catch (NoSuchFileException e) {
            throw new NotFoundException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
