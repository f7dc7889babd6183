package io.github.pgqueue.it.servers.lifecycle;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A test that gets the {@link ServerProcess} and its {@link Books} as parameters. It runs beside the tests inside the
 * server of Arquillian, which has databases of its own, but never beside another one of its kind.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ServerProcessExtension.class)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("server process")
@interface OperatesServer {}
