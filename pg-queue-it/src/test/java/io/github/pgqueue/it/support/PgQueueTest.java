package io.github.pgqueue.it.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class a {@link TestDatabase} of their own, and each test a {@link TestNode}: a manager over it
 * that is closed after the test. Both are taken as parameters.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PgQueueTestExtension.class)
public @interface PgQueueTest {}
