package dev.brigade.engine.djl;

import ai.djl.pytorch.engine.PtNDArray;
import dev.brigade.model.ModelFiles;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Pass;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.engine.Slice;
import dev.brigade.spi.engine.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Prefill and decode of a Llama with random weights, beside TorchScript written by hand for it, in
 * the same process: {@code EngineBench [f32|bf16] [layers] [width] [inner] [vocabulary] [threads]}.
 * Rounds of the two alternate; each prints its best, since other work on the machine only adds.
 */
final class EngineBench {
  private static final int HEAD = 64;
  private static final int PROMPT = 512;
  private static final int TOKENS = 64;
  private static final int ROUNDS = 7;

  private EngineBench() {}

  private record Sizes(int layers, int width, int inner, int vocabulary) {
    int heads() {
      return width / HEAD;
    }

    int kvHeads() {
      return Math.max(1, heads() / 4);
    }
  }

  /** A model that appends ids from a position on. */
  private interface Candidate {
    void run(int[] ids, int start) throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    DType type = DType.valueOf(argument(arguments, 0, "f32").toUpperCase(Locale.ROOT));
    Sizes sizes =
        new Sizes(
            Integer.parseInt(argument(arguments, 1, "16")),
            Integer.parseInt(argument(arguments, 2, "1024")),
            Integer.parseInt(argument(arguments, 3, "2816")),
            Integer.parseInt(argument(arguments, 4, "32000")));
    Optional<Integer> threads =
        arguments.length > 5 ? Optional.of(Integer.parseInt(arguments[5])) : Optional.empty();
    DjlEngineConfig config = new DjlEngineConfig(Optional.of("cpu"), threads, Optional.empty());
    try (TestEngine test = new TestEngine(config)) {
      Decoder decoder = decoder(sizes);
      Shard all = new Shard(new ModelRef("bench", "00000000"), 0, sizes.layers(), sizes.layers());
      RandomCheckpoint weights = new RandomCheckpoint();
      DjlShard shard =
          test.engine().load(all, decoder, weights, type, p -> {}, Cancellation.none());
      Sequence sequence = shard.open(new SequenceSpec(PROMPT + TOKENS, PROMPT));
      Tensor logits = Tensor.allocate(DType.F32, 1, sizes.vocabulary());
      Candidate ours =
          (ids, start) -> {
            sequence.truncate(start);
            Slice slice = new Slice(sequence, ids.length, 1);
            shard.run(new Pass(List.of(slice), Tensor.ofIds(ids)), logits, Cancellation.none());
          };
      System.out.printf(
          "%s, %.0f MB of weights, %d threads%n",
          type, shard.memory().weights() / 1e6, test.engine().threads());
      compare(ours, baseline(test.engine(), sizes, type, logits));
      shard.close();
    }
  }

  private static void compare(Candidate ours, Candidate baseline) throws Exception {
    double[][] best = new double[2][2];
    for (int round = 0; round < ROUNDS; round++) {
      for (int who = 0; who < 2; who++) {
        Candidate candidate = who == 0 ? ours : baseline;
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

  private static Candidate baseline(DjlEngine engine, Sizes sizes, DType type, Tensor logits)
      throws Exception {
    ScriptModule script =
        ScriptModule.load(
            engine.mainMemory(),
            ModuleArchive.of(
                ScriptText.resource("baseline.torchscript"),
                Map.of(
                    "w", ModuleArchive.Initial.EMPTY_TENSOR_LIST,
                    "kv", ModuleArchive.Initial.EMPTY_DICT)));
    TensorLoader loader =
        new TensorLoader(engine.mainMemory(), engine.mainMemory(), TorchDevice.CPU);
    List<PtNDArray> tensors = new ArrayList<>();
    for (Weight weight : weights(sizes)) {
      Operand.Loaded operand = new Operand.Loaded(weight, type);
      tensors.add(loader.load(new RandomCheckpoint(), operand, Cancellation.none()));
    }
    int capacity = PROMPT + TOKENS;
    script.call(
        "bind",
        tensors.toArray(PtNDArray[]::new),
        sizes.layers(),
        sizes.kvHeads(),
        HEAD,
        capacity,
        TorchType.code(type));
    return (ids, start) -> {
      try (PtNDArray input = blob(engine, Tensor.ofIds(ids), 0, ids.length);
          PtNDArray out = blob(engine, logits, sizes.vocabulary(), 1)) {
        script.call("run", input, start, sizes.layers(), sizes.heads(), sizes.kvHeads(), HEAD, out);
      }
    };
  }

  private static PtNDArray blob(DjlEngine engine, Tensor tensor, int width, int rows) {
    return Blob.rows(engine.mainMemory(), tensor.bytes(), tensor.type(), width, 0, rows);
  }

  private static List<Weight> weights(Sizes sizes) {
    int width = sizes.width();
    int kv = sizes.kvHeads() * HEAD;
    List<Weight> weights = new ArrayList<>();
    weights.add(Weight.named("table", sizes.vocabulary(), width));
    weights.add(Weight.named("norm", width));
    weights.add(Weight.named("head", sizes.vocabulary(), width));
    for (int i = 0; i < sizes.layers(); i++) {
      for (String norm : List.of("norm1", "norm2")) {
        weights.add(Weight.named(norm + i, width));
      }
      weights.add(Weight.named("q" + i, width, width));
      weights.add(Weight.named("k" + i, kv, width));
      weights.add(Weight.named("v" + i, kv, width));
      weights.add(Weight.named("o" + i, width, width));
      weights.add(Weight.named("gate" + i, sizes.inner(), width));
      weights.add(Weight.named("up" + i, sizes.inner(), width));
      weights.add(Weight.named("down" + i, width, sizes.inner()));
    }
    return weights;
  }

  private static Decoder decoder(Sizes sizes) throws Exception {
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

  private static String argument(String[] arguments, int index, String otherwise) {
    return arguments.length > index ? arguments[index] : otherwise;
  }
}
