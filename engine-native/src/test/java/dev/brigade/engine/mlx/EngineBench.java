package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.Mlx;
import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.engine.mlx.binding.Recording;
import dev.brigade.model.ModelFiles;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Pass;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.engine.Slice;
import dev.brigade.spi.engine.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Prefill and decode of a Llama with random weights, beside the same graph recorded by hand
 * straight through the bindings, and what recording costs: {@code EngineBench [layers] [width]
 * [inner] [vocabulary]}, in f32. Rounds of the two alternate; each prints its best, since other
 * work on the machine only adds.
 */
final class EngineBench {
  private static final int PROMPT = 32;
  private static final int TOKENS = 16;
  private static final int ROUNDS = 7;
  private static final int OPERATIONS = 20_000;

  private EngineBench() {}

  /** A model that appends ids from a position on. */
  private interface Candidate {
    void run(int[] ids, int start) throws EngineException;
  }

  public static void main(String[] arguments) throws Exception {
    BareLlama.Sizes sizes =
        new BareLlama.Sizes(
            argument(arguments, 0, 8),
            argument(arguments, 1, 512),
            argument(arguments, 2, 1408),
            argument(arguments, 3, 8000));
    try (TestEngine test = new TestEngine()) {
      Mlx mlx = test.engine().mlx();
      printOverheads(mlx);
      Shard all = new Shard(new ModelRef("bench", "00000000"), 0, sizes.layers(), sizes.layers());
      Arithmetic f32 = Arithmetic.of(Precision.F32, Mlx.Device.CPU).orElseThrow();
      try (MlxShard shard =
              test.engine()
                  .load(
                      all,
                      decoder(sizes),
                      new RandomCheckpoint(),
                      f32,
                      progress -> {},
                      Cancellation.none());
          BareLlama bare = BareLlama.load(mlx, sizes, PROMPT + TOKENS)) {
        System.out.printf(
            "MLX %s, f32, %.0f MB of weights%n", mlx.version(), shard.memory().weights() / 1e6);
        Sequence sequence = shard.open(new SequenceSpec(PROMPT + TOKENS, PROMPT));
        Tensor logits = Tensor.allocate(DType.F32, 1, sizes.vocabulary());
        Candidate ours =
            (ids, start) -> {
              sequence.truncate(start);
              Slice slice = new Slice(sequence, ids.length, 1);
              shard.run(new Pass(List.of(slice), Tensor.ofIds(ids)), logits, Cancellation.none());
            };
        compare(ours, bare::run);
      }
    }
  }

  private static void printOverheads(Mlx mlx) throws EngineException {
    double record = Double.MAX_VALUE;
    double call = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      record = Math.min(record, mlx.call(() -> recording(mlx)));
      long begun = System.nanoTime();
      for (int i = 0; i < 1000; i++) {
        mlx.call(() -> mlx);
      }
      call = Math.min(call, (System.nanoTime() - begun) / 1000.0);
    }
    System.out.printf(
        "recording and freeing an operation %.0f ns, handing over to MLX's thread %.1f µs%n",
        record, call / 1000);
  }

  private static double recording(Mlx mlx) {
    long begun = System.nanoTime();
    try (Recording g = mlx.record(Mlx.Device.CPU)) {
      MlxArray x = g.zeros(MlxType.F32, 1, 64);
      for (int i = 0; i < OPERATIONS; i++) {
        g.add(x, x);
      }
    }
    return (double) (System.nanoTime() - begun) / OPERATIONS;
  }

  private static void compare(Candidate ours, Candidate bare) throws EngineException {
    double[][] best = new double[2][2];
    for (int round = 0; round < ROUNDS; round++) {
      for (int who = 0; who < 2; who++) {
        Candidate candidate = who == 0 ? ours : bare;
        long begun = System.nanoTime();
        candidate.run(new int[PROMPT], 0);
        long prefilled = System.nanoTime();
        for (int i = 0; i < TOKENS; i++) {
          candidate.run(new int[] {i}, PROMPT + i);
        }
        double decode = TOKENS / seconds(prefilled, System.nanoTime());
        best[who][0] = Math.max(best[who][0], PROMPT / seconds(begun, prefilled));
        best[who][1] = Math.max(best[who][1], decode);
      }
    }
    System.out.printf("            prefill tok/s  decode tok/s  µs per step%n");
    for (int who = 0; who < 2; who++) {
      System.out.printf(
          "%-11s %13.1f %13.1f %12.1f%n",
          who == 0 ? "engine" : "by hand", best[who][0], best[who][1], 1e6 / best[who][1]);
    }
    System.out.printf(
        "ratio       %13.2f %13.2f%n", best[0][0] / best[1][0], best[0][1] / best[1][1]);
  }

  private static double seconds(long from, long to) {
    return (to - from) / 1e9;
  }

  private static Decoder decoder(BareLlama.Sizes sizes) throws IOException, EngineException {
    Path folder = Files.createTempDirectory("bench");
    Path config = folder.resolve("config.json");
    Files.writeString(
        config,
        """
        {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": %d,
         "intermediate_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d,
         "num_key_value_heads": %d, "vocab_size": %d, "rms_norm_eps": 1e-5, "hidden_act": "silu",
         "rope_theta": 10000.0, "max_position_embeddings": 4096, "tie_word_embeddings": false}
        """
            .formatted(
                sizes.width(),
                sizes.inner(),
                sizes.layers(),
                sizes.heads(),
                sizes.kvHeads(),
                sizes.vocabulary()));
    try (ModelFiles files = ModelFiles.open(folder)) {
      return files.decoder();
    } finally {
      for (Path path : Stream.of(config, folder).toList()) {
        Files.delete(path);
      }
    }
  }

  private static int argument(String[] arguments, int index, int otherwise) {
    return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
  }
}
