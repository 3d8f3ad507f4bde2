package dev.brigade.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.Slice;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Single tokens of several sequences run in one call; nobody may notice. */
class DecodingTogetherTest {
  private static final int[][] PROMPTS = {
    {5, 17, 200, 3, 44}, {9, 9, 8}, {1}, {250, 30, 31, 32, 33, 34, 35, 36}, {77, 78}
  };
  private static final int[] NEXT = {11, 12, 13, 14, 15};

  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma2", "deepseek_v3", "gpt_oss", "phi3", "qwen3_moe"})
  void tokensOfSequencesInAnyOrderEqualThoseRunAlone(String model) throws EngineException {
    try (LoadedModel loaded = new LoadedModel(model, TestConfigs.cpu(), Precision.F32)) {
      List<Sequence> sequences = prompted(loaded);
      List<float[]> alone = new ArrayList<>();
      List<Sequence> others = prompted(loaded);
      for (int i = 0; i < NEXT.length; i++) {
        alone.add(loaded.feed(others.get(i), NEXT[i]));
      }
      int[] order = {3, 0, 4};
      List<Slice> slices = new ArrayList<>();
      for (int i : order) {
        slices.add(new Slice(sequences.get(i), 1, 1));
      }
      float[][] together = loaded.feed(slices, NEXT[3], NEXT[0], NEXT[4]);
      for (int i = 0; i < order.length; i++) {
        assertClose(together[i], alone.get(order[i]));
      }
      // Those between them were left alone, though the call went over their slots.
      for (int i : new int[] {1, 2}) {
        assertThat(sequences.get(i).length()).isEqualTo(PROMPTS[i].length);
        assertClose(loaded.feed(sequences.get(i), NEXT[i]), alone.get(i));
      }
    }
  }

  @Test
  void aPromptBesideSingleTokensIsNotDisturbed() throws EngineException {
    try (LoadedModel loaded = new LoadedModel("llama", TestConfigs.cpu(), Precision.F32)) {
      List<Sequence> sequences = prompted(loaded);
      List<Sequence> others = prompted(loaded);
      float[] first = loaded.feed(others.get(0), NEXT[0]);
      float[] second = loaded.feed(others.get(1), 21, 22, 23);
      float[] third = loaded.feed(others.get(2), NEXT[2]);
      float[] after = loaded.feed(others.get(1), 24);
      float[][] together =
          loaded.feed(
              List.of(
                  new Slice(sequences.get(0), 1, 1),
                  new Slice(sequences.get(1), 3, 1),
                  new Slice(sequences.get(2), 1, 1)),
              NEXT[0],
              21,
              22,
              23,
              NEXT[2]);
      assertClose(together[0], first);
      assertClose(together[1], second);
      assertClose(together[2], third);
      assertClose(loaded.feed(sequences.get(1), 24), after);
    }
  }

  @Test
  void aFullSequenceBetweenOthersKeepsItsTokens() throws EngineException {
    try (LoadedModel loaded = new LoadedModel("llama", TestConfigs.cpu(), Precision.F32)) {
      Sequence left = loaded.open(63);
      Sequence full = loaded.open(63);
      Sequence right = loaded.open(63);
      for (Sequence sequence : List.of(left, full, right)) {
        loaded.feed(sequence, new int[62]);
      }
      Sequence copy = full.fork(new dev.brigade.spi.engine.SequenceSpec(64, 1));
      loaded.feed(full, 7);
      loaded.feed(List.of(new Slice(left, 1, 1), new Slice(right, 1, 1)), 8, 9);
      full.truncate(62);
      assertClose(loaded.feed(full, 10), loaded.feed(copy, 10));
    }
  }

  private static List<Sequence> prompted(LoadedModel loaded) throws EngineException {
    List<Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < PROMPTS.length; i++) {
      Sequence sequence = loaded.open(20 + i);
      loaded.feed(sequence, PROMPTS[i]);
      sequences.add(sequence);
    }
    return sequences;
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).containsExactly(expected, Offset.offset(1e-3f));
  }
}
