package io.github.pgqueue.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The arithmetic of the benchmark, and what it writes. */
class FiguresTest {

    private static final Cost DEAR = new Cost(20.0, 600, 2);
    private static final Cost CHEAP = new Cost(10.0, 200, 0.5);

    @TempDir
    Path directory;

    @Test
    void median_ofAnOddNumber_isTheOneInTheMiddle() {
        assertThat(Statistics.median(List.of(9.0, 1.0, 5.0))).isEqualTo(5.0);
    }

    @Test
    void median_ofAnEvenNumber_isTheMeanOfTheTwoInTheMiddle() {
        assertThat(Statistics.median(List.of(9.0, 1.0, 5.0, 6.0))).isEqualTo(5.5);
    }

    @Test
    void percentile_isTheNearestRank() {
        long[] values = LongStream.rangeClosed(1, 200).map(value -> 201 - value).toArray();

        assertThat(Statistics.percentile(values, 50)).isEqualTo(100);
        assertThat(Statistics.percentile(values, 99)).isEqualTo(198);
        assertThat(Statistics.percentile(values, 100)).isEqualTo(200);
        assertThat(Statistics.percentile(new long[] {7}, 50)).isEqualTo(7);
    }

    @Test
    void rounded_keepsFourDigits() {
        assertThat(Statistics.rounded(123_456)).isEqualTo(123_500);
        assertThat(Statistics.rounded(0.00123456)).isEqualTo(0.001235);
        assertThat(Statistics.rounded(Double.NaN)).isNaN();
    }

    @Test
    void cost_isWhatWasUsedBetweenTwoReadingsForEachJob() {
        Meter.Reading before = new Meter.Reading(1_000, 50, new Processes.Ticks(100, 0, 0));
        Meter.Reading after = new Meter.Reading(5_000, 60, new Processes.Ticks(104, 0, 0));

        assertThat(Meter.cost(before, after, 20)).isEqualTo(new Cost(2_000.0, 200, 0.5));
    }

    @Test
    void ticks_ofOthers_areThoseOfTheMachineWithoutOurs() {
        Processes.Ticks before = new Processes.Ticks(100, 200, 1_000);
        Processes.Ticks after = new Processes.Ticks(150, 250, 1_200);

        assertThat(after.othersSince(before, /* seconds= */ 1, /* processors= */ 2))
                .isEqualTo(0.5);
    }

    @Test
    void figure_ofSeveralRuns_isTheRatioOfTheMedians() {
        Figure figure = comparison(Measure.RATE)
                .figure(List.of(rate(10), rate(30), rate(20)), List.of(raw(40), raw(100), raw(40)));

        assertThat(figure.value()).isEqualTo(20);
        assertThat(figure.rawValue()).isEqualTo(40);
        assertThat(figure.ratio()).isEqualTo(0.5);
        assertThat(figure.runs()).isEqualTo(3);
        assertThat(figure.cost()).isEqualTo(CHEAP);
        assertThat(figure.rawCost()).isEqualTo(DEAR);
    }

    @Test
    void serverCpu_ofAServerElsewhere_isNotKnown() {
        Run elsewhere = new Run(Timing.together(1, 1), new Cost(null, 1, 1));

        assertThat(comparison(Measure.SERVER_CPU).isKnown(List.of(elsewhere), List.of(rate(1))))
                .isFalse();
        assertThat(comparison(Measure.WAL).isKnown(List.of(elsewhere), List.of(rate(1))))
                .isTrue();
    }

    @Test
    void timing_ofSingleJobs_isInMilliseconds() {
        Timing timing = Timing.each(new long[] {3_000_000, 1_000_000, 2_000_000});

        assertThat(timing.p50()).isEqualTo(2);
        assertThat(timing.p99()).isEqualTo(3);
        assertThat(timing.rate()).isNaN();
    }

    @Test
    void results_areAListWithAnObjectForEachFigure() throws IOException {
        Path file = directory.resolve("bench/queue.json");
        Figure figure = comparison(Measure.RATE).figure(List.of(rate(10)), List.of(raw(40)));

        Results.write(file, List.of(figure));

        JsonNode list = new ObjectMapper().readTree(Files.readString(file));
        assertThat(list).hasSize(1);
        JsonNode written = list.get(0);
        assertThat(written.get("name").asText()).isEqualTo("push-one");
        assertThat(written.get("threads").asInt()).isEqualTo(4);
        assertThat(written.get("unit").asText()).isEqualTo("jobs/s");
        assertThat(written.get("value").asDouble()).isEqualTo(10);
        assertThat(written.get("rawValue").asDouble()).isEqualTo(40);
        assertThat(written.get("ratio").asDouble()).isEqualTo(0.25);
        assertThat(written.get("runs").asInt()).isEqualTo(1);
        assertThat(written.get("cost").get("walBytes").asDouble()).isEqualTo(200);
    }

    @Test
    void knobs_ofNothing_areTheDefaults() {
        assertThat(Knobs.of(name -> ""))
                .isEqualTo(new Knobs(3, 1, 500, Set.of(), Path.of("target/bench")))
                .returns(true, knobs -> knobs.wants("anything"));
    }

    @Test
    void knobs_withNames_wantThoseAndTheirCompanions() {
        Knobs knobs = Knobs.of(Map.of("bench.only", "tx-worker, claim-pinned")::get);

        assertThat(knobs.wants("tx-worker")).isTrue();
        assertThat(knobs.wants("tx-worker-jta")).isFalse();
        assertThat(knobs.wants("claim-pinned-classic")).isTrue();
        assertThat(knobs.wants("drain-pinned-classic")).isFalse();
    }

    @Test
    void knobs_withANameOfTheCache_wantItInEverySize() {
        Knobs knobs = Knobs.of(Map.of("bench.only", "far-get")::get);

        assertThat(new CacheScenario().names().stream().filter(knobs::wants))
                .containsExactlyInAnyOrder("far-get-100b", "far-get", "far-get-10kb");
    }

    @Test
    void payload_hasDifferentKeysAndValuesOfItsSize() {
        List<Map<String, String>> parts = Payload.SMALL.parts();

        assertThat(parts.stream().flatMap(part -> part.keySet().stream()).distinct())
                .hasSize(Payload.ENTRIES);
        assertThat(parts)
                .allSatisfy(part -> assertThat(part.values())
                        .hasSize(Payload.MANY)
                        .allSatisfy(value -> assertThat(value).hasSize(100)));
    }

    @Test
    void knobs_withAnUnknownName_areRefused() {
        Knobs knobs = Knobs.of(Map.of("bench.only", "push-on")::get);

        assertThatThrownBy(() -> knobs.requireKnown(Set.of("push-one"))).hasMessageContaining("push-one");
    }

    private static Comparison comparison(Measure measure) {
        return new Comparison("push-one", 4, "push", measure, FiguresTest::none, FiguresTest::none);
    }

    private static Candidate.Trial none(double scale) {
        throw new IllegalStateException("nothing is run at scale " + scale);
    }

    private static Run rate(int jobsPerSecond) {
        return new Run(Timing.together(jobsPerSecond, 1_000_000_000), CHEAP);
    }

    private static Run raw(int jobsPerSecond) {
        return new Run(Timing.together(jobsPerSecond, 1_000_000_000), DEAR);
    }
}
