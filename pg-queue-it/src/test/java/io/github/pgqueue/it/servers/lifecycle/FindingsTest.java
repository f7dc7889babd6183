package io.github.pgqueue.it.servers.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The checker sees what it is there for. */
class FindingsTest {

    private static final List<String> NONE = List.of();

    @Test
    void complaints_everythingAgrees_areNone() {
        Findings findings = new Findings(
                List.of("a", "b", "c"),
                List.of("a", "b"),
                List.of("b", "a"),
                List.of("a", "a"),
                List.of("c"),
                List.of("b", "c"),
                NONE);

        assertThat(findings.complaints(List.of("a", "c"))).isEmpty();
    }

    @Test
    void complaints_jobsAreMissing_nameThem() {
        Findings findings = new Findings(List.of("a", "b"), List.of("a"), List.of("a"), NONE, NONE, NONE, NONE);

        assertThat(findings.complaints(List.of("a", "x")))
                .containsExactly(
                        "acknowledged, but not pushed: x",
                        "lost: b",
                        "lost by a worker without a transaction: a",
                        "lost by a worker without a transaction: b");
    }

    @Test
    void complaints_effectsAreDoubled_nameThem() {
        Findings findings =
                new Findings(List.of("a", "a"), List.of("a", "a"), List.of("a", "a"), List.of("a"), NONE, NONE, NONE);

        assertThat(findings.complaints(NONE))
                .containsExactly(
                        "pushed twice: a",
                        "worked twice, or worked and still there: a",
                        "worked twice in the second resource: a");
    }

    @Test
    void complaints_resourcesDisagree_nameWhere() {
        Findings findings =
                new Findings(NONE, List.of("a"), List.of("b"), List.of("c"), NONE, NONE, List.of("crash d"));

        assertThat(findings.complaints(NONE))
                .containsExactly(
                        "a job that nobody pushed: a",
                        "worked in the first resource only: a",
                        "worked in the second resource only: b",
                        "a job without a transaction that nobody pushed: c",
                        "dead letter: crash d");
    }
}
