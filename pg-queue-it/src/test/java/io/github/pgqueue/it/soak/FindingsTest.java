package io.github.pgqueue.it.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.soak.Findings.Done;
import io.github.pgqueue.it.soak.Findings.Wrong;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The checker sees what it is there for. */
class FindingsTest {

    private static final Attempt FIRST = new Attempt("a", 1);
    private static final Attempt SECOND = new Attempt("a", 2);
    private static final Set<String> PUSHED = Set.of("a");

    private static Done done(List<Attempt> effects, List<Attempt> ends) {
        return new Done(effects, ends, List.of(), List.of());
    }

    /** What is wrong, without the kinds of which there is nothing. */
    private static Map<Wrong, Set<String>> wrongs(Set<String> pushed, Way way, Done done) {
        return wrongs(new Findings(pushed, List.of(), Map.of(way, done), List.of()), Set.of(), Set.of());
    }

    private static Map<Wrong, Set<String>> wrongs(Findings findings, Set<String> acknowledged, Set<String> undone) {
        Map<Wrong, Set<String>> wrongs = new TreeMap<>(findings.wrongs(acknowledged, undone));
        wrongs.values().removeIf(Set::isEmpty);
        return wrongs;
    }

    @Test
    void wrongs_eachJobDoneOnce_areNone() {
        for (Way way : Way.values()) {
            assertThat(wrongs(PUSHED, way, done(List.of(SECOND), List.of(SECOND))))
                    .isEmpty();
        }
    }

    @Test
    void wrongs_pushesDisagreeWithTheirEnds_nameThem() {
        Findings findings = new Findings(Set.of("kept", "unknown"), List.of(), Map.of(), List.of("leased x failed"));

        assertThat(wrongs(findings, Set.of("forgotten"), Set.of("kept", "undone")))
                .isEqualTo(Map.of(
                        Wrong.FORGOTTEN, Set.of("forgotten"),
                        Wrong.KEPT, Set.of("kept"),
                        Wrong.DEAD, Set.of("leased x failed")));
    }

    @Test
    void wrongs_effectTwice_isOneOfThoseThatAreThereOnce() {
        Done twice = done(List.of(FIRST, SECOND), List.of(SECOND));

        assertThat(wrongs(PUSHED, Way.LEASED, twice)).isEmpty();
        assertThat(wrongs(PUSHED, Way.TRANSACTIONAL, twice))
                .isEqualTo(Map.of(
                        Wrong.DOUBLED, Set.of("transactional a"),
                        Wrong.TORN, Set.of("transactional a#1")));
    }

    @Test
    void wrongs_nothingDone_isLost() {
        assertThat(wrongs(PUSHED, Way.LEASED, new Done(List.of(), List.of(), List.of(), List.of("a"))))
                .isEqualTo(Map.of(Wrong.LOST, Set.of("leased a"), Wrong.LEFT, Set.of("leased a")));
    }

    @Test
    void wrongs_effectOfWhatWasNotPushed_isUnexpected() {
        assertThat(wrongs(Set.of(), Way.BY_HAND, done(List.of(FIRST), List.of(FIRST))))
                .isEqualTo(Map.of(Wrong.UNEXPECTED, Set.of("by_hand a")));
    }

    @Test
    void wrongs_attemptStartedTwice_isRepeated() {
        Findings findings = new Findings(Set.of(), List.of(FIRST, SECOND, FIRST), Map.of(), List.of());

        assertThat(wrongs(findings, Set.of(), Set.of())).isEqualTo(Map.of(Wrong.REPEATED, Set.of("leased a#1")));
    }

    @Test
    void wrongs_endUnderAnAttemptAtWork_isStolen() {
        Done stolen = new Done(List.of(FIRST, SECOND), List.of(SECOND), List.of(SECOND), List.of());

        assertThat(wrongs(PUSHED, Way.LEASED, stolen)).isEqualTo(Map.of(Wrong.STOLEN, Set.of("leased a#2")));
    }

    @Test
    void wrongs_jobEndedTwice_isNamed() {
        assertThat(wrongs(PUSHED, Way.LEASED, done(List.of(FIRST, SECOND), List.of(FIRST, SECOND))))
                .isEqualTo(Map.of(Wrong.ENDED_TWICE, Set.of("leased a")));
    }
}
