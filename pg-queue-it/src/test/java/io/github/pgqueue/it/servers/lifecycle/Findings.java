package io.github.pgqueue.it.servers.lifecycle;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The checker: what was found when nothing is under way any more, and what is wrong with it.
 *
 * @param pushed what pushes wrote into the second resource, in their transaction
 * @param worked what workers wrote into the first, in the transaction of the job
 * @param workedToo what they wrote into the second
 * @param lent what workers without a transaction wrote
 * @param jobs that are left for workers with a transaction
 * @param lentJobs that are left for workers without one
 * @param deadLetters of both
 */
record Findings(
        List<String> pushed,
        List<String> worked,
        List<String> workedToo,
        List<String> lent,
        List<String> jobs,
        List<String> lentJobs,
        List<String> deadLetters) {

    /**
     * One line for each thing that is wrong.
     *
     * @param acknowledged what pushes said that they had pushed
     */
    List<String> complaints(Collection<String> acknowledged) {
        List<String> complaints = new ArrayList<>();
        add(complaints, "acknowledged, but not pushed", minus(acknowledged, pushed));
        add(complaints, "pushed twice", doubles(pushed));
        List<String> accounted = new ArrayList<>(worked);
        accounted.addAll(jobs);
        add(complaints, "lost", minus(pushed, accounted));
        add(complaints, "a job that nobody pushed", minus(accounted, pushed));
        add(complaints, "worked twice, or worked and still there", doubles(accounted));
        add(complaints, "worked in the first resource only", minus(worked, workedToo));
        add(complaints, "worked in the second resource only", minus(workedToo, worked));
        add(complaints, "worked twice in the second resource", doubles(workedToo));
        // At least once, by contract: twice is no mistake.
        List<String> lentAccounted = new ArrayList<>(lent);
        lentAccounted.addAll(lentJobs);
        add(complaints, "lost by a worker without a transaction", minus(pushed, lentAccounted));
        add(complaints, "a job without a transaction that nobody pushed", minus(lentAccounted, pushed));
        add(complaints, "dead letter", deadLetters);
        return complaints;
    }

    private static void add(List<String> complaints, String what, Collection<String> which) {
        which.forEach(one -> complaints.add(what + ": " + one));
    }

    private static Set<String> minus(Collection<String> all, Collection<String> without) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(new HashSet<>(without));
        return rest;
    }

    private static Set<String> doubles(Collection<String> all) {
        Set<String> seen = new HashSet<>();
        Set<String> doubles = new TreeSet<>();
        all.stream().filter(one -> !seen.add(one)).forEach(doubles::add);
        return doubles;
    }
}
