package io.github.pgqueue.shop.story;

/**
 * A promise, and what became of it in this run.
 *
 * @param name what was promised
 * @param kept whether it was kept
 * @param figures what was measured
 */
record Promise(String name, boolean kept, String figures) {}
