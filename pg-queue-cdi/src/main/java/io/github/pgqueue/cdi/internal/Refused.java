package io.github.pgqueue.cdi.internal;

/**
 * What an injection point that is refused gets instead of its own type. The container can then satisfy it and goes on to
 * the end of its validation, where all problems are reported together; nothing is ever injected.
 */
final class Refused {}
