package io.github.pgqueue.it.servers.lifecycle;

import io.github.pgqueue.it.servers.environment.ServerSetup;
import io.github.pgqueue.it.support.TestServer;
import io.github.pgqueue.shop.database.Database;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one {@link ServerProcess} of the run and the {@link Books} of its databases, and shows the server's log
 * when one fails.
 */
final class ServerProcessExtension implements ParameterResolver, AfterTestExecutionCallback {

    private static final Namespace NAMESPACE = Namespace.create(ServerProcessExtension.class);

    /** What lives as long as the run. */
    private record Operated(Database main, Database other, ServerProcess server) implements AutoCloseable {

        static Operated start() {
            Database main = TestServer.get().createDatabase(ServerKind.NAME);
            Database other = TestServer.get().createDatabase(ServerKind.NAME + "_other");
            ServerSetup.createTables(main);
            ServerSetup.createTables(other);
            return new Operated(main, other, ServerProcess.start(main, other));
        }

        @Override
        public void close() {
            server.close();
            main.close();
            other.close();
        }
    }

    private static Operated operated(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Operated.class, key -> Operated.start(), Operated.class);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == ServerProcess.class || type == Books.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Operated operated = operated(context);
        return parameter.getParameter().getType() == ServerProcess.class
                ? operated.server()
                : new Books(operated.main().dataSource(), operated.other().dataSource());
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        context.getExecutionException()
                .ifPresent(e -> System.err.println(operated(context).server().lastLines()));
    }
}
