package io.github.pgqueue.it.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgqueue.it.soak.Findings.Done;
import io.github.pgqueue.it.soak.Findings.Finding;
import io.github.pgqueue.it.soak.Findings.Wrong;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The checker sees what it is there for. */
class FindingsTest {

    private static final Attempt FIRST = new Attempt("a", 1);
    private static final Attempt SECOND = new Attempt("a", 2);
    private static final Set<String> PUSHED = Set.of("a");

    private static Done done(List<Attempt> effects, List<Attempt> ends) {
        return new Done(effects, ends, List.of(), List.of());
    }

    private static Set<Finding> wrongs(Set<String> pushed, Way way, Done done) {
        return new Findings(pushed, List.of(), Map.of(way, done), List.of()).wrongs(Set.of(), Set.of());
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

        assertThat(findings.wrongs(Set.of("forgotten"), Set.of("kept", "undone")))
                .containsExactlyInAnyOrder(
                        new Finding(Wrong.FORGOTTEN, "forgotten"),
                        new Finding(Wrong.KEPT, "kept"),
                        new Finding(Wrong.DEAD, "leased x failed"));
    }

    @Test
    void wrongs_effectTwice_isOneWhereItMayBeThereOnceOnly() {
        Done twice = done(List.of(FIRST, SECOND), List.of(SECOND));

        assertThat(wrongs(PUSHED, Way.LEASED, twice)).isEmpty();
        assertThat(wrongs(PUSHED, Way.TRANSACTIONAL, twice))
                .containsExactlyInAnyOrder(
                        new Finding(Wrong.DOUBLED, "transactional a"), new Finding(Wrong.TORN, "transactional a#1"));
    }

    @Test
    void wrongs_nothingDone_isLost() {
        assertThat(wrongs(PUSHED, Way.LEASED, new Done(List.of(), List.of(), List.of(), List.of("a"))))
                .containsExactlyInAnyOrder(new Finding(Wrong.LOST, "leased a"), new Finding(Wrong.LEFT, "leased a"));
    }

    @Test
    void wrongs_effectOfWhatWasNotPushed_isUnexpected() {
        assertThat(wrongs(Set.of(), Way.BY_HAND, done(List.of(FIRST), List.of(FIRST))))
                .containsExactly(new Finding(Wrong.UNEXPECTED, "by_hand a"));
    }

    @Test
    void wrongs_attemptStartedTwice_isRepeated() {
        Findings findings = new Findings(Set.of(), List.of(FIRST, SECOND, FIRST), Map.of(), List.of());

        assertThat(findings.wrongs(Set.of(), Set.of())).containsExactly(new Finding(Wrong.REPEATED, "leased a#1"));
    }

    @Test
    void wrongs_endUnderAnAttemptAtWork_isStolen() {
        Done stolen = new Done(List.of(FIRST, SECOND), List.of(SECOND), List.of(SECOND), List.of());

        assertThat(wrongs(PUSHED, Way.LEASED, stolen)).containsExactly(new Finding(Wrong.STOLEN, "leased a#2"));
    }

    @Test
    void wrongs_jobEndedTwice_isNamed() {
        assertThat(wrongs(PUSHED, Way.LEASED, done(List.of(FIRST, SECOND), List.of(FIRST, SECOND))))
                .containsExactly(new Finding(Wrong.ENDED_TWICE, "leased a"));
    }
}
