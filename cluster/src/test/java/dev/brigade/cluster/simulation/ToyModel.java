package dev.brigade.cluster.simulation;

import dev.brigade.cluster.ModelLibrary;
import dev.brigade.cluster.ServedModel;
import dev.brigade.cluster.ShardFiles;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.sampling.Sampler;
import dev.brigade.model.config.GenerationDefaults;
import dev.brigade.model.text.IncrementalText;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.ModelShape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A model in whole numbers: exact in any order and on any cut, and sensitive to every token,
 * position and layer, so that whatever is lost, doubled or swapped changes the answer.
 */
final class ToyModel implements ModelLibrary {
  static final String ID = "toy";
  static final int LAYERS = 6;
  static final int WIDTH = 2;
  static final int VOCABULARY = 97;
  static final int PRIME = 65_521;
  private static final int EOS = 96;

  private static final ServedModel MODEL =
      new ServedModel(
          new ModelRef(ID, "00000000"),
          new ModelShape(
              new ModelRef(ID, "00000000"),
              WIDTH,
              VOCABULARY,
              4096,
              Collections.nCopies(LAYERS, 1000L),
              Collections.nCopies(LAYERS, 1L),
              100,
              100,
              false),
          Path.of(ID),
          Precision.F32,
          new GenerationDefaults(
              List.of(EOS),
              OptionalInt.empty(),
              false,
              OptionalDouble.empty(),
              OptionalDouble.empty(),
              OptionalInt.empty(),
              OptionalDouble.empty(),
              OptionalDouble.empty()),
          ToyModel::text,
          ShardFiles.here());

  @Override
  public List<String> ids() {
    return List.of(ID);
  }

  @Override
  public ServedModel open(String id) {
    return MODEL;
  }

  /** A letter for each token. */
  static String letter(int token) {
    return String.valueOf((char) ('a' + token % 26));
  }

  private static IncrementalText text() {
    return new IncrementalText() {
      @Override
      public String add(int id) {
        return letter(id);
      }

      @Override
      public String finish() {
        return "";
      }
    };
  }

  static int embed(int token) {
    return (token * 7919 + 13) % PRIME;
  }

  /**
   * One layer at the end of a sequence.
   *
   * @param cached values of the layer's earlier positions
   */
  static int layer(int layer, int x, List<Integer> cached) {
    long sum = 31L * x + 7 * layer + 5L * cached.size();
    for (int i = 0; i < cached.size(); i++) {
      sum += (long) cached.get(i) * (i % 11 + 1);
    }
    return (int) (sum % PRIME);
  }

  static float logit(int x, int token) {
    return (float) ((token * 40_503L + x * 9_973L) % 1009) / 100;
  }

  /** The answer that a single uncut engine gives. */
  static List<Integer> answer(GenerationRequest request) {
    List<List<Integer>> caches = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      caches.add(new ArrayList<>());
    }
    List<Integer> ids = new ArrayList<>(request.promptIds());
    int limit = ids.size() + request.maxTokens();
    for (int position = 0; ids.size() < limit; position++) {
      int x = embed(ids.get(position));
      for (int layer = 0; layer < LAYERS; layer++) {
        int y = layer(layer, x, caches.get(layer));
        caches.get(layer).add(x);
        x = y;
      }
      if (position == ids.size() - 1) {
        float[] logits = new float[VOCABULARY];
        for (int token = 0; token < VOCABULARY; token++) {
          logits[token] = logit(x, token);
        }
        int[] before = ids.stream().mapToInt(Integer::intValue).toArray();
        int drawn =
            Sampler.sample(
                logits, request.sampling(), ids.size(), before, request.promptIds().size());
        ids.add(drawn);
        if (drawn == EOS && !request.ignoreEos()) {
          break;
        }
      }
    }
    return ids.subList(request.promptIds().size(), ids.size());
  }
}
