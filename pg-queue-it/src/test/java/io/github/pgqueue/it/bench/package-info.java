/**
 * The benchmark: what the library costs beside the same work in raw SQL over the same driver. {@code Benchmark} lists the
 * scenarios, each {@code Scenario} says what it measures, a {@code Candidate} is one way to do that work, and
 * {@code Rounds} runs them side by side.
 *
 * <p>How to read it. A rate says something only as a ratio inside one run: both sides ran in the same rounds, in random
 * order, and each figure is the median of its runs. The library's side goes through its public API, encodes and decodes
 * payloads and hands jobs over to threads; the raw side does none of that. Server CPU, write-ahead log and transactions of
 * a job hardly depend on what else the machine does: compare them first. Server CPU is that of every process of the
 * server, autovacuum included, and is known for the embedded server on Linux only; transactions are those that wrote
 * something, counted by their ids. Commits are durable: {@code fsync}, {@code full_page_writes} and
 * {@code synchronous_commit} are on. Where others used much of the machine, measure again.
 *
 * <p>A drain is timed from the start of the workers, who find the jobs there, to the moment at which the last row is gone,
 * and a latency from the moment at which the push was to be made.
 *
 * <p>Of a cache, a job is a call, and of a hundred entries too. Both sides use the same table and the same pool; the side by
 * hand encodes and decodes texts as well. What Redisson's side costs its own server is not known here: its costs are those
 * of the PostgreSQL that has nothing to do meanwhile.
 *
 * <p>May import the public API, the tests' support and the PostgreSQL driver; nothing internal of the library, so that it
 * measures whatever engine is below.
 */
@NullMarked
package io.github.pgqueue.it.bench;

import org.jspecify.annotations.NullMarked;
