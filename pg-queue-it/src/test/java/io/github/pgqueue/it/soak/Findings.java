package io.github.pgqueue.it.soak;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The checker: what is there when nothing is under way any more, and what is wrong with it.
 *
 * @param pushed what is there of what producers wrote
 * @param starts the attempts of leased jobs that were started
 * @param done what became of the jobs of each queue
 * @param dead all dead letters
 */
record Findings(Set<String> pushed, List<Attempt> starts, Map<Way, Done> done, List<String> dead) {

    /**
     * What became of the jobs of one queue.
     *
     * @param effects of attempts to work them
     * @param ends the attempts that ended them
     * @param unworked those of them that had no effect when they did
     * @param left the jobs that are still there
     */
    record Done(List<Attempt> effects, List<Attempt> ends, List<Attempt> unworked, List<String> left) {}

    /** What can be wrong. */
    enum Wrong {
        /** A push whose commit was acknowledged is not there. */
        FORGOTTEN,
        /** A push that was rolled back is there. */
        KEPT,
        /** A push has no effect. */
        LOST,
        /** An effect is there twice where it may be there once only. */
        DOUBLED,
        /** There is an effect or an end of what was not pushed. */
        UNEXPECTED,
        /** The same attempt was started twice. */
        REPEATED,
        /** A job was ended twice. */
        ENDED_TWICE,
        /** A job was ended under an attempt that was still at work, by somebody who did not hold it. */
        STOLEN,
        /** There is an effect without its end, where both are one. */
        TORN,
        /** A job is left behind. */
        LEFT,
        /** A job is a dead letter, though none should be. */
        DEAD
    }

    /** One thing that is wrong. */
    record Finding(Wrong wrong, String what) {

        @Override
        public String toString() {
            return wrong + " " + what;
        }
    }

    /**
     * Everything that is wrong.
     *
     * @param acknowledged the pushes whose commits returned
     * @param undone the pushes that were rolled back
     */
    Set<Finding> wrongs(Set<String> acknowledged, Set<String> undone) {
        Set<Finding> wrongs = new LinkedHashSet<>();
        minus(acknowledged, pushed).forEach(key -> wrongs.add(new Finding(Wrong.FORGOTTEN, key)));
        both(undone, pushed).forEach(key -> wrongs.add(new Finding(Wrong.KEPT, key)));
        dead.forEach(job -> wrongs.add(new Finding(Wrong.DEAD, job)));
        add(wrongs, Wrong.REPEATED, Way.LEASED, doubles(starts, attempt -> attempt));
        done.forEach((way, jobs) -> look(way, jobs, wrongs));
        return wrongs;
    }

    private void look(Way way, Done jobs, Set<Finding> wrongs) {
        Set<String> worked = keys(jobs.effects);
        Set<String> seen = new HashSet<>(worked);
        seen.addAll(keys(jobs.ends));
        add(wrongs, Wrong.LOST, way, minus(pushed, worked));
        add(wrongs, Wrong.UNEXPECTED, way, minus(seen, pushed));
        add(wrongs, Wrong.ENDED_TWICE, way, doubles(jobs.ends, Attempt::key));
        add(wrongs, Wrong.STOLEN, way, jobs.unworked);
        add(wrongs, Wrong.LEFT, way, jobs.left);
        if (way.once()) {
            add(wrongs, Wrong.DOUBLED, way, doubles(jobs.effects, Attempt::key));
            add(wrongs, Wrong.TORN, way, minus(new HashSet<>(jobs.effects), new HashSet<>(jobs.ends)));
        }
    }

    private static void add(Set<Finding> wrongs, Wrong wrong, Way way, Collection<?> which) {
        which.forEach(one -> wrongs.add(new Finding(wrong, way.queue() + " " + one)));
    }

    private static Set<String> keys(List<Attempt> attempts) {
        return attempts.stream().map(Attempt::key).collect(Collectors.toSet());
    }

    private static <E> Set<E> minus(Set<E> all, Set<E> without) {
        Set<E> rest = new HashSet<>(all);
        rest.removeAll(without);
        return rest;
    }

    private static <E> Set<E> both(Set<E> some, Set<E> others) {
        Set<E> shared = new HashSet<>(some);
        shared.retainAll(others);
        return shared;
    }

    private static <E> Set<E> doubles(List<Attempt> attempts, Function<Attempt, E> by) {
        Set<E> seen = new HashSet<>();
        Set<E> doubles = new HashSet<>();
        attempts.stream().map(by).filter(one -> !seen.add(one)).forEach(doubles::add);
        return doubles;
    }
}
