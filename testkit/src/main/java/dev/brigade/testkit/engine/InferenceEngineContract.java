package dev.brigade.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.engine.ShardChain.Turn;
import dev.brigade.testkit.golden.GoldenModel;
import dev.brigade.testkit.golden.GoldenPrompt;
import dev.brigade.testkit.reference.ReferenceConfig;
import dev.brigade.testkit.reference.ReferenceEngineProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every engine must compute: for every known architecture what Transformers computes, whole or
 * cut, alone or beside others in one pass. A plugin's test extends this with its provider and
 * config; one that computes in less than f32 says so by {@link #precision} and {@link #fidelity}.
 * The rules of sequences, memory and errors are inherited.
 *
 * @param <C> the engine's configuration
 */
public abstract class InferenceEngineContract<C extends Record> extends EngineBehaviourContract<C> {
  private static final int CHUNK = 16;
  private static final int GREEDY = 32;

  @ParameterizedTest
  @MethodSource("models")
  void logitsAreThoseOfTransformers(GoldenModel model) throws EngineException {
    try (ShardChain chain = ShardChain.load(engine, model.folder(), precision())) {
      for (GoldenPrompt prompt : model.prompts()) {
        ChainSequence sequence = chain.open(prompt.ids().size(), prompt.ids().size());
        assertLogits(prompt, chain.feed(sequence, prompt.ids()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aConfigInTheOlderStyleMeansTheSame(GoldenModel model) throws EngineException {
    Path folder = model.legacyFolder().orElse(model.folder());
    try (ShardChain chain = ShardChain.load(engine, folder, precision())) {
      GoldenPrompt prompt = model.prompts().get(2);
      ChainSequence sequence = chain.open(prompt.ids().size(), prompt.ids().size());
      assertLogits(prompt, chain.feed(sequence, prompt.ids()));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void hiddenStatesBetweenLayersAreThoseOfTransformers(GoldenModel model) throws EngineException {
    try (ShardChain chain = ShardChain.load(engine, model.folder(), precision(), 1, 2, 3)) {
      for (GoldenPrompt prompt : model.prompts()) {
        ChainSequence sequence = chain.open(prompt.ids().size(), prompt.ids().size());
        assertLogits(prompt, chain.feed(sequence, prompt.ids()));
        for (int layer = 1; layer <= 3; layer++) {
          float[][] rows = chain.hiddenAfter(layer - 1);
          assertHidden(prompt, layer, rows[rows.length - 1]);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyTokenOfAPromptCanHaveLogits(GoldenModel model) throws EngineException {
    GoldenPrompt prompt = model.prompts().get(1);
    int count = prompt.ids().size();
    try (ShardChain chain = ShardChain.load(engine, model.folder(), precision(), 2)) {
      Turn all = new Turn(chain.open(count, count), prompt.ids(), count);
      float[][] logits = chain.run(List.of(all), Cancellation.none());
      assertThat(logits).hasNumberOfRows(count);
      assertLogits(prompt, logits[count - 1]);
      if (fidelity().isExact()) {
        List<Integer> likeliest = new ArrayList<>();
        for (float[] row : logits) {
          likeliest.add(ShardChain.argmax(row));
        }
        assertThat(likeliest).isEqualTo(prompt.argmax());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void greedyTokensAreThoseOfTransformersWhereverTheModelIsCut(GoldenModel model)
      throws EngineException {
    Map<GoldenPrompt, RoutingLeads> leads = routingLeads(model);
    for (int[] cuts : List.of(new int[] {}, new int[] {2}, new int[] {1, 3}, new int[] {1, 2, 3})) {
      try (ShardChain chain = ShardChain.load(engine, model.folder(), precision(), cuts)) {
        for (GoldenPrompt prompt : model.prompts()) {
          int capacity = prompt.ids().size() + GREEDY;
          ChainSequence sequence = chain.open(capacity, prompt.ids().size());
          float[] logits = feedInChunks(chain, sequence, prompt.ids());
          for (int step = 0; step < GREEDY; step++) {
            double margin = prompt.greedyMargins().get(step) / prompt.logitDeviation();
            int expected = prompt.greedyIds().get(step);
            double lead = leads.get(prompt).at(prompt.ids().size() - 1 + step);
            if (margin > fidelity().decisiveMargin() && lead > fidelity().decisiveLead()) {
              assertThat(ShardChain.argmax(logits))
                  .as("token %d after %d, cut at %s", step, prompt.ids().size(), cuts)
                  .isEqualTo(expected);
            }
            // Forced onto the reference's way, so that one undecided token spoils no other.
            logits = chain.feed(sequence, List.of(expected));
          }
        }
      }
    }
  }

  private Map<GoldenPrompt, RoutingLeads> routingLeads(GoldenModel model) throws EngineException {
    Map<GoldenPrompt, RoutingLeads> leads = new HashMap<>();
    for (GoldenPrompt prompt : model.prompts()) {
      List<Integer> text = new ArrayList<>(prompt.ids());
      text.addAll(prompt.greedyIds());
      boolean asked = model.hasExperts() && !fidelity().isExact();
      leads.put(
          prompt,
          asked ? RoutingLeads.of(model.folder(), text) : RoutingLeads.withoutExperts(text));
    }
    return leads;
  }

  @ParameterizedTest
  @MethodSource("steadyModels")
  void aModelSharedWithTheReferenceEngineComputesTheSame(GoldenModel model) throws EngineException {
    GoldenPrompt prompt = model.prompts().get(2);
    try (InferenceEngine reference = referenceEngine()) {
      for (List<InferenceEngine> engines :
          List.of(List.of(reference, engine, reference), List.of(engine, reference, engine))) {
        try (ShardChain chain = mixed(engines, model)) {
          ChainSequence sequence = chain.open(prompt.ids().size(), prompt.ids().size());
          assertLogits(prompt, feedInChunks(chain, sequence, prompt.ids()));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("steadyModels")
  void aCacheFromTheReferenceEngineIsTakenUpAndOneGivenBack(GoldenModel model)
      throws EngineException {
    GoldenPrompt prompt = model.prompts().get(2);
    List<Integer> ids = prompt.ids();
    try (InferenceEngine reference = referenceEngine();
        ShardChain there = ShardChain.load(reference, model.folder(), Precision.F32);
        ShardChain here = ShardChain.load(engine, model.folder(), precision(), 2)) {
      ChainSequence begun = there.open(ids.size(), ids.size());
      there.feed(begun, ids.subList(0, 15));
      ChainSequence continued = here.open(ids.size(), ids.size());
      KvRecording.of(begun, 0, 15).importInto(continued);
      here.feed(continued, ids.subList(15, 30));
      KvRecording.of(continued, 15, 30).importInto(begun);
      assertLogits(prompt, there.feed(begun, ids.subList(30, ids.size())));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aPassOfThreeSequencesEqualsThreePasses(GoldenModel model) throws EngineException {
    List<Integer> ids = model.prompts().get(2).ids();
    try (ShardChain chain = ShardChain.load(engine, model.folder(), precision(), 2)) {
      List<float[]> alone = new ArrayList<>();
      for (Turn turn : threeTurns(chain, ids)) {
        alone.addAll(List.of(chain.run(List.of(turn), Cancellation.none())));
      }
      float[][] together = chain.run(threeTurns(chain, ids), Cancellation.none());
      assertThat(together).hasNumberOfRows(alone.size());
      double deviation = model.prompts().get(2).logitDeviation();
      for (int row = 0; row < together.length; row++) {
        Closeness.assertClose(together[row], alone.get(row), consistency() * deviation);
      }
    }
  }

  /** A long prompt's second chunk, a whole short prompt, and one token of a third sequence. */
  private static List<Turn> threeTurns(ShardChain chain, List<Integer> ids) throws EngineException {
    ChainSequence longer = chain.open(ids.size(), ids.size());
    chain.feed(longer, ids.subList(0, 11));
    ChainSequence decoding = chain.open(8, 5);
    chain.feed(decoding, ids.subList(0, 5));
    return List.of(
        new Turn(longer, ids.subList(11, ids.size()), 2),
        new Turn(chain.open(7, 3), ids.subList(20, 23), 1),
        new Turn(decoding, ids.subList(7, 8), 1));
  }

  /**
   * The models that a small error moves only a little, which is what can be asked of engines that
   * meet in the middle of one: where tokens are sent to experts, rounding may send them elsewhere.
   */
  List<GoldenModel> steadyModels() {
    return models().stream().filter(model -> fidelity().isExact() || !model.hasExperts()).toList();
  }

  private InferenceEngine referenceEngine() {
    return new ReferenceEngineProvider().create(ReferenceConfig.usual(), host);
  }

  /** The reference engine in f32, the one under test in its own precision. */
  private ShardChain mixed(List<InferenceEngine> engines, GoldenModel model)
      throws EngineException {
    List<Precision> precisions =
        engines.stream().map(e -> e == engine ? precision() : Precision.F32).toList();
    return ShardChain.load(engines, precisions, model.folder(), 1, 3);
  }

  private static float[] feedInChunks(ShardChain chain, ChainSequence sequence, List<Integer> ids)
      throws EngineException {
    int from = 0;
    for (; ids.size() - from > CHUNK; from += CHUNK) {
      Turn inner = new Turn(sequence, ids.subList(from, from + CHUNK), 0);
      chain.run(List.of(inner), Cancellation.none());
    }
    return chain.feed(sequence, ids.subList(from, ids.size()));
  }

  private void assertLogits(GoldenPrompt prompt, float[] logits) {
    float[] expected = new float[prompt.lastLogits().size()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = prompt.lastLogits().get(i).floatValue();
    }
    Closeness.assertClose(logits, expected, fidelity().logits() * prompt.logitDeviation());
  }

  private void assertHidden(GoldenPrompt prompt, int layer, float[] state) {
    List<Double> expected = prompt.hiddenBefore().get(layer);
    for (int i = 0; i < expected.size(); i++) {
      double allowed = fidelity().hidden() * Math.max(1, Math.abs(expected.get(i)));
      assertThat((double) state[i])
          .as("element %d before layer %d", i, layer)
          .isCloseTo(expected.get(i), within(allowed));
    }
    double squares = 0;
    for (float element : state) {
      squares += (double) element * element;
    }
    double norm = prompt.hiddenNorm().get(layer);
    assertThat(Math.sqrt(squares))
        .as("norm before layer %d", layer)
        .isCloseTo(norm, within(fidelity().norm() * norm));
  }
}
