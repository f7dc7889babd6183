/**
 * The soak: everything that may go wrong goes wrong, again and again and at once, and then a checker counts what is lost,
 * doubled or invented.
 *
 * <p>{@code SoakIT} is the whole of it. {@code Producers} push keys, each together with a row of their own and to three
 * queues, one for each {@code Way} of working a job, in transactions that are held for up to three seconds and then
 * committed, rolled back or prepared. {@code Nodes}, one in this process and two in others, work them with transactional
 * workers, leased workers and {@code Hand}s, which complete too late or never. Meanwhile {@code Faults} kills, freezes
 * and closes nodes, crashes the server, and terminates sessions; {@code PreparedTransactions} are ended by somebody else
 * after a while. All of them write what they do into the tables of the {@code Ledger}, each in the transaction in which it
 * is done, and a trigger writes which attempt ended each job.
 *
 * <p>Then everything that is left is worked off, and {@code Findings} is the checker: it looks for what was {@code Wrong}.
 * Effects of transactional workers, and of hands, may be there once only; a leased worker may be started again by
 * contract, but an attempt is started once, and each job is ended once, by the attempt that holds it. {@code Event}
 * lists the faults and what else must have happened: a run in which one did not occur fails, since it has shown nothing.
 *
 * <p>Two controls prove that the checker sees: hands that complete without a fence, by the id of the job, double effects;
 * and a cursor that overlooks what is committed late loses jobs. Both are made of the same parts, and must be caught.
 *
 * <p>How fast late commits are found is printed and not asserted: it depends on the machine, and crashes are part of it.
 * The seed that is printed repeats the choices of producers and faults, not the order in which threads come.
 *
 * <p>May import the public API and the tests' support; nothing internal of the library.
 */
@NullMarked
package io.github.pgqueue.it.soak;

import org.jspecify.annotations.NullMarked;
