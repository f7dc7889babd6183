package io.github.pgqueue.shop.web;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong.
 *
 * @param error one sentence
 * @param code the number of an error of pg-queue
 */
record ErrorView(String error, @Nullable String code) implements JsonView {}
