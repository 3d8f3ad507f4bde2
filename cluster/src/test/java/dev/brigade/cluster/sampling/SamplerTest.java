package dev.brigade.cluster.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final int[] NO_IDS = {};

  private static int draw(SamplingParameters parameters, int position, float... logits) {
    return Sampler.sample(logits.clone(), parameters, position, NO_IDS, 0);
  }

  private static SamplingParameters with(double temperature, int topK, double topP, double minP) {
    return new SamplingParameters(temperature, topK, topP, minP, 1, 0, 0, 42);
  }

  private static Set<Integer> reachable(SamplingParameters parameters, float... logits) {
    Set<Integer> drawn = new HashSet<>();
    for (int position = 0; position < 2000; position++) {
      drawn.add(draw(parameters, position, logits));
    }
    return drawn;
  }

  @Test
  void greedyTakesTheLikeliestAndOfEqualOnesTheFirst() {
    assertThat(draw(SamplingParameters.greedy(), 0, 1, 3, 3, 2)).isEqualTo(1);
  }

  @Test
  void aDrawDependsOnSeedAndPositionAlone() {
    float[] logits = {0.3f, 0.1f, 0.2f, 0.5f, 0.4f};
    for (int position = 0; position < 50; position++) {
      int first = draw(SamplingParameters.of(1, 7), position, logits);
      assertThat(draw(SamplingParameters.of(1, 7), position, logits)).isEqualTo(first);
    }
    List<Integer> one = sequence(1, logits);
    assertThat(sequence(1, logits)).isEqualTo(one);
    assertThat(sequence(2, logits)).isNotEqualTo(one);
  }

  private static List<Integer> sequence(long seed, float... logits) {
    return java.util.stream.IntStream.range(0, 64)
        .mapToObj(position -> draw(SamplingParameters.of(1, seed), position, logits))
        .toList();
  }

  @Test
  void tokensComeAsOftenAsSoftmaxSays() {
    float[] logits = {0, (float) Math.log(2), (float) Math.log(5)};
    int[] counts = new int[3];
    int draws = 40_000;
    for (int position = 0; position < draws; position++) {
      counts[draw(SamplingParameters.of(1, 3), position, logits)]++;
    }
    assertThat(counts[0] / (double) draws).isCloseTo(1 / 8.0, within(0.01));
    assertThat(counts[1] / (double) draws).isCloseTo(2 / 8.0, within(0.01));
    assertThat(counts[2] / (double) draws).isCloseTo(5 / 8.0, within(0.01));
  }

  @Test
  void temperatureFlattensOrSharpens() {
    float[] logits = {0, (float) Math.log(4)};
    int[] counts = new int[2];
    for (int position = 0; position < 20_000; position++) {
      counts[draw(SamplingParameters.of(2, 3), position, logits)]++;
    }
    // At temperature 2 the odds 4 : 1 become their square root.
    assertThat(counts[1] / (double) counts[0]).isCloseTo(2.0, within(0.15));
  }

  @Test
  void topKLeavesTheKLikeliest() {
    assertThat(reachable(with(1, 2, 1, 0), 1, 1.2f, 0.9f, 1.1f)).containsExactlyInAnyOrder(1, 3);
  }

  @Test
  void topPLeavesTheFewestThatReachTheProbability() {
    // Shares 0.5, 0.3, 0.2: 0.7 needs the first two.
    float[] logits = {(float) Math.log(0.2), (float) Math.log(0.5), (float) Math.log(0.3)};
    assertThat(reachable(with(1, 0, 0.7, 0), logits)).containsExactlyInAnyOrder(1, 2);
    assertThat(reachable(with(1, 0, 0.4, 0), logits)).containsExactly(1);
  }

  @Test
  void minPLeavesWhatIsNotMuchLessLikelyThanTheLikeliest() {
    float[] logits = {(float) Math.log(0.05), (float) Math.log(0.6), (float) Math.log(0.35)};
    assertThat(reachable(with(1, 0, 1, 0.5), logits)).containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void penaltiesMakeWhatHasOccurredLessLikely() {
    int[] ids = {0, 1, 1};
    SamplingParameters repetition = new SamplingParameters(0, 0, 1, 0, 2, 0, 0, 0);
    assertThat(Sampler.sample(new float[] {4, 1, 3}, repetition, 3, ids, 1)).isEqualTo(2);
    SamplingParameters frequency = new SamplingParameters(0, 0, 1, 0, 1, 1, 0, 0);
    // Token 0 is of the prompt only, which frequency and presence do not count.
    assertThat(Sampler.sample(new float[] {2, 3.5f, 0}, frequency, 3, ids, 1)).isZero();
    SamplingParameters presence = new SamplingParameters(0, 0, 1, 0, 1, 0, 1, 0);
    assertThat(Sampler.sample(new float[] {2.4f, 3.5f, 0}, presence, 3, ids, 1)).isEqualTo(1);
  }

  @Test
  void logitsThatAreNoNumbersAreRefused() {
    assertThatThrownBy(() -> draw(SamplingParameters.greedy(), 0, Float.NaN, Float.NaN))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("not finite");
  }

  @Test
  void parametersThatMakeNoSenseNameTheKeyAndWhatIsAllowed() {
    assertThatThrownBy(() -> with(-1, 0, 1, 0))
        .hasMessage("temperature is -1.0, allowed is 0..100");
    assertThatThrownBy(() -> with(1, 0, 0, 0)).hasMessageContaining("top_p is 0.0");
  }

  @Property(tries = 200)
  void theSortOfCandidatesHoldsForAnyLogits(
      @ForAll @Size(min = 2, max = 40) List<@FloatRange(min = -30, max = 30) Float> values,
      @ForAll @IntRange(min = 1, max = 5) int k) {
    float[] logits = new float[values.size()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = values.get(i);
    }
    int drawn = draw(with(1.7, k, 1, 0), 11, logits);
    long likelier = values.stream().filter(value -> value > values.get(drawn)).count();
    assertThat(likelier).isLessThan(k);
  }
}
