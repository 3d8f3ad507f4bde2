package dev.brigade.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import dev.brigade.engine.onnx.graph.ElementType;
import dev.brigade.model.ModelFiles;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Pass;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.engine.Slice;
import dev.brigade.spi.engine.Tensor;
import dev.brigade.testkit.TestHost;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Prefill and decode of a Llama with random weights, beside the bare session of the same graph,
 * whose tensors are made once: {@code EngineBench [f32|int8|int4|int4_sym] [layers] [width] [inner]
 * [vocabulary] [threads] [spinning] [prepack of the bare session]}. Rounds alternate; each prints
 * its best, since other work on the machine only adds.
 */
final class EngineBench {
  private static final int HEAD = 64;
  private static final int PROMPT = 512;
  private static final int CHUNK = 256;
  private static final int TOKENS = 48;
  private static final int ROUNDS = 5;
  private static final int TOGETHER = 8;

  private EngineBench() {}

  /** A model that appends rows from a position on. */
  private interface Candidate {
    void run(int rows, int start) throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    String precision = argument(arguments, 0, "f32");
    int layers = Integer.parseInt(argument(arguments, 1, "16"));
    int width = Integer.parseInt(argument(arguments, 2, "1024"));
    int inner = Integer.parseInt(argument(arguments, 3, "2816"));
    int vocabulary = Integer.parseInt(argument(arguments, 4, "32000"));
    Optional<Integer> threads =
        arguments.length > 5 ? Optional.of(Integer.parseInt(arguments[5])) : Optional.empty();
    boolean spinning = Boolean.parseBoolean(argument(arguments, 6, "false"));
    Packing packing = Packing.of(new Precision(precision)).orElseThrow();
    boolean prepack = Boolean.parseBoolean(argument(arguments, 7, "" + packing.isQuantised()));
    OnnxEngineConfig config =
        new OnnxEngineConfig(
            Optional.of("cpu"),
            threads,
            Optional.of(spinning),
            Optional.of(CHUNK),
            Optional.empty());
    Decoder decoder = decoder(layers, width, inner, vocabulary);
    Shard all = new Shard(new ModelRef("bench", "00000000"), 0, layers, layers);
    try (TestHost host = TestHost.create();
        OnnxEngine engine = new OnnxEngine(config, host)) {
      String fingerprint = width + "x" + inner;
      OnnxShard shard =
          engine.load(
              all,
              decoder,
              fingerprint,
              new RandomCheckpoint(),
              packing,
              p -> {},
              Cancellation.none());
      System.out.printf(
          "%s, %.0f MB of weights, %s%n",
          precision, shard.memory().weights() / 1e6, engine.profile().device());
      Tensor logits = Tensor.allocate(DType.F32, TOGETHER, vocabulary);
      Sequence sequence = shard.open(new SequenceSpec(PROMPT + TOKENS, PROMPT));
      Candidate ours =
          (rows, start) -> {
            sequence.truncate(start);
            Slice slice = new Slice(sequence, rows, 1);
            shard.run(
                new Pass(List.of(slice), Tensor.ofIds(new int[rows])),
                row(logits),
                Cancellation.none());
          };
      Candidate bare = bare(engine, all, decoder, fingerprint, packing, config, host, prepack);
      compare(ours, bare);
      together(shard, logits);
      shard.close();
    }
  }

  private static Tensor row(Tensor logits) {
    int bytes = logits.size(1) * Float.BYTES;
    ByteBuffer data = logits.bytes().slice(0, bytes).order(ByteOrder.LITTLE_ENDIAN);
    return new Tensor(DType.F32, List.of(1L, (long) logits.size(1)), data);
  }

  private static void compare(Candidate ours, Candidate baseline) throws Exception {
    double[][] best = new double[2][2];
    for (int round = 0; round < ROUNDS; round++) {
      for (int who = 0; who < 2; who++) {
        Candidate candidate = who == 0 ? ours : baseline;
        long begun = System.nanoTime();
        candidate.run(PROMPT, 0);
        long prefilled = System.nanoTime();
        for (int i = 0; i < TOKENS; i++) {
          candidate.run(1, PROMPT + i);
        }
        double decode = TOKENS / seconds(prefilled, System.nanoTime());
        best[who][0] = Math.max(best[who][0], PROMPT / seconds(begun, prefilled));
        best[who][1] = Math.max(best[who][1], decode);
      }
    }
    System.out.printf("             prefill tok/s  decode tok/s  µs per step%n");
    for (int who = 0; who < 2; who++) {
      System.out.printf(
          "%-12s %13.1f %13.1f %12.1f%n",
          who == 0 ? "engine" : "bare session", best[who][0], best[who][1], 1e6 / best[who][1]);
    }
    System.out.printf(
        "ratio        %13.2f %13.2f%n", best[0][0] / best[1][0], best[0][1] / best[1][1]);
  }

  private static void together(OnnxShard shard, Tensor logits) throws Exception {
    List<Slice> slices = new ArrayList<>();
    for (int i = 0; i < TOGETHER; i++) {
      Sequence sequence = shard.open(new SequenceSpec(64 + TOKENS * ROUNDS + i, 8));
      shard.run(
          new Pass(List.of(new Slice(sequence, 8 + i, 1)), Tensor.ofIds(new int[8 + i])),
          row(logits),
          Cancellation.none());
      slices.add(new Slice(sequence, 1, 1));
    }
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long begun = System.nanoTime();
      for (int i = 0; i < TOKENS; i++) {
        shard.run(new Pass(slices, Tensor.ofIds(new int[TOGETHER])), logits, Cancellation.none());
      }
      best = Math.max(best, TOGETHER * TOKENS / seconds(begun, System.nanoTime()));
    }
    System.out.printf("%d sequences at once: decode %.1f tok/s in all%n", TOGETHER, best);
  }

  private static double seconds(long from, long to) {
    return (to - from) / 1e9;
  }

  private static Candidate bare(
      OnnxEngine engine,
      Shard shard,
      Decoder decoder,
      String fingerprint,
      Packing packing,
      OnnxEngineConfig config,
      TestHost host,
      boolean prepack)
      throws Exception {
    Path folder = host.cache().resolve(OnnxEngineProvider.NAME);
    ShardGraph graph = ShardGraph.of(decoder, shard, packing, SessionFactory.PLACEHOLDER, 16);
    WeightLoader loader = new WeightLoader(new WeightCache(folder));
    Map<String, OnnxTensor> weights = new HashMap<>();
    for (Map.Entry<Operand, List<String>> operand : graph.operands().entrySet()) {
      WeightTensors.Key key = new WeightTensors.Key(fingerprint, operand.getKey());
      WeightTensors loaded = loader.load(key, new RandomCheckpoint(), Cancellation.none());
      for (int i = 0; i < loaded.tensors().size(); i++) {
        weights.put(operand.getValue().get(i), loaded.tensors().get(i));
      }
    }
    int threads = config.threads().orElseGet(dev.brigade.model.engine.HostResources::cores);
    OrtSession session =
        new SessionFactory(ExecutionProvider.CPU, threads, config.spinning().orElse(false), folder)
            .start(graph.model(), weights, prepack);
    KvSlab slab = new KvSlab(graph.caches(), 1, PROMPT + TOKENS);
    RotaryTables tables = new RotaryTables(graph.rotations());
    tables.reach(PROMPT + TOKENS + 1);
    Map<String, OnnxTensor> inputs = new HashMap<>(slab.tensors(0, 1));
    Map<String, OnnxTensor> outputs = new HashMap<>();
    slab.tensors(0, 1).forEach((name, kv) -> outputs.put(GraphBody.present(name), kv));
    inputs.putAll(tables.tables(tables.choice(PROMPT)));
    ByteBuffer last = direct(4);
    ByteBuffer total = direct(4);
    ByteBuffer row = direct(8);
    inputs.put(GraphBody.BATCH, Ort.tensor(direct(8).putLong(0, 1), ElementType.I64, List.of(1L)));
    inputs.put(GraphBody.LAST_POSITIONS, Ort.tensor(last, ElementType.I32, List.of(1L)));
    inputs.put(GraphBody.TOTAL, Ort.tensor(total, ElementType.I32, List.of(1L)));
    inputs.put(GraphBody.OUTPUT_ROWS, Ort.tensor(row, ElementType.I64, List.of(1L)));
    Map<Integer, OnnxTensor> ids = new HashMap<>();
    for (int rows : List.of(1, CHUNK)) {
      ids.put(rows, Ort.tensor(direct(4 * rows), ElementType.I32, List.of((long) rows)));
    }
    int vocabulary = decoder.shape().vocabulary();
    outputs.put(
        ShardGraph.OUTPUT,
        Ort.tensor(direct(4 * vocabulary), ElementType.F32, List.of(1L, (long) vocabulary)));
    return (rows, start) -> {
      for (int done = 0; done < rows; done += CHUNK) {
        int count = Math.min(CHUNK, rows - done);
        last.putInt(0, start + done + count - 1);
        total.putInt(0, start + done + count);
        row.putLong(0, count - 1);
        inputs.put(ShardGraph.INPUT, ids.get(count));
        session.run(inputs, Set.of(), outputs).close();
        // The session looks at the weights' memory, and nobody else refers to them.
        Reference.reachabilityFence(weights);
      }
    };
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  private static Decoder decoder(int layers, int width, int inner, int vocabulary)
      throws Exception {
    Path folder = Files.createTempDirectory("bench");
    Path config = folder.resolve("config.json");
    int heads = width / HEAD;
    Files.writeString(
        config,
        """
        {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": %d,
         "intermediate_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d,
         "num_key_value_heads": %d, "vocab_size": %d, "rms_norm_eps": 1e-5, "hidden_act": "silu",
         "rope_theta": 10000.0, "max_position_embeddings": 4096, "tie_word_embeddings": false}
        """
            .formatted(width, inner, layers, heads, Math.max(1, heads / 4), vocabulary));
    try (ModelFiles files = ModelFiles.open(folder)) {
      return files.decoder();
    } finally {
      Files.delete(config);
      Files.delete(folder);
    }
  }

  private static String argument(String[] arguments, int index, String otherwise) {
    return arguments.length > index ? arguments[index] : otherwise;
  }
}
