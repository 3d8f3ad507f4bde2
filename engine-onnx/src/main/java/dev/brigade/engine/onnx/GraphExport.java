package dev.brigade.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.brigade.model.ModelFiles;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.engine.HostResources;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Host;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Shard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * A whole model's graph with its weights, as the engine makes them, for whoever wants to run it
 * without the engine. The names of inputs and outputs are those of {@link Names}.
 */
public final class GraphExport implements AutoCloseable {
  private final ShardGraph graph;
  private final Packing packing;
  private final Path folder;
  private final Decoder decoder;
  private final List<WeightTensors> loaded = new ArrayList<>();
  private final Map<String, OnnxTensor> weights = new HashMap<>();
  private final RotaryTables tables;

  private GraphExport(ShardGraph graph, Packing packing, Path folder, Decoder decoder) {
    this.graph = graph;
    this.packing = packing;
    this.folder = folder;
    this.decoder = decoder;
    tables = new RotaryTables(graph.rotations());
  }

  /** What a session of the graph takes and gives. */
  public static final class Names {
    /** Token ids, {@code I32 [rows]}. */
    public static final String INPUT = ShardGraph.INPUT;

    /** Logits, {@code F32 [output rows, vocabulary]}. */
    public static final String OUTPUT = ShardGraph.OUTPUT;

    /** How many sequences there are, {@code I64 [1]}. */
    public static final String BATCH = GraphBody.BATCH;

    /** Position of each sequence's last row, {@code I32 [batch]}. */
    public static final String LAST_POSITIONS = GraphBody.LAST_POSITIONS;

    /** Largest length of a sequence after the run, {@code I32 [1]}. */
    public static final String TOTAL = GraphBody.TOTAL;

    /** Position of each row, {@code I64 [batch, rows of each]}, where the graph wants it. */
    public static final String POSITIONS = GraphBody.POSITIONS;

    /** Rows to give logits of, {@code I64 [output rows]}. */
    public static final String OUTPUT_ROWS = GraphBody.OUTPUT_ROWS;

    private Names() {}

    /** The output that an input of keys or values is written to. */
    public static String present(String cache) {
      return GraphBody.present(cache);
    }
  }

  /**
   * Reads a model; the caller closes it.
   *
   * @param host in whose cache weights lie that had to be converted
   * @throws EngineException.Unsupported if the engine lacks the precision or the architecture
   */
  public static GraphExport of(
      Path model, Precision precision, Host host, Consumer<Progress> progress)
      throws EngineException {
    Packing packing =
        Packing.of(precision)
            .orElseThrow(() -> new EngineException.Unsupported("there is no " + precision));
    try (ModelFiles files = ModelFiles.open(model)) {
      Checkpoint checkpoint = files.checkpoint();
      ModelRef ref = files.ref(model.toString());
      int layers = files.decoder().shape().layers();
      ShardGraph graph =
          ShardGraph.of(
              files.decoder(),
              new Shard(ref, 0, layers, layers),
              packing,
              SessionFactory.PLACEHOLDER,
              OnnxEngine.MOST_SEPARATE_EXPERTS);
      Path folder = host.cache().resolve(OnnxEngineProvider.NAME);
      GraphExport export = new GraphExport(graph, packing, folder, files.decoder());
      try {
        export.load(checkpoint, ref.fingerprint(), progress);
        return export;
      } catch (EngineException | RuntimeException e) {
        export.close();
        throw e;
      }
    }
  }

  private void load(Checkpoint checkpoint, String fingerprint, Consumer<Progress> progress)
      throws EngineException {
    WeightLoader loader = new WeightLoader(new WeightCache(folder));
    long total = graph.operands().keySet().stream().mapToLong(Operand::bytes).sum();
    long done = 0;
    for (Map.Entry<Operand, List<String>> operand : graph.operands().entrySet()) {
      WeightTensors.Key key = new WeightTensors.Key(fingerprint, operand.getKey());
      WeightTensors parts = loader.load(key, checkpoint, Cancellation.none());
      loaded.add(parts);
      for (int i = 0; i < parts.tensors().size(); i++) {
        weights.put(operand.getValue().get(i), parts.tensors().get(i));
      }
      done += operand.getKey().bytes();
      progress.accept(new Progress("reading weights again", done, total));
    }
  }

  /**
   * Starts a session with the engine's settings, which the caller closes before this.
   *
   * @param config of the engine
   */
  public OrtSession start(OnnxEngineConfig config) throws EngineException {
    return new SessionFactory(
            ExecutionProvider.parse(config.provider().orElse("auto")),
            config.threads().orElseGet(HostResources::cores),
            config.spinning().orElse(false),
            folder)
        .start(graph.model(), weights, packing.isQuantised());
  }

  /** Tables of cosines and sines as the graph names them; they live as long as this. */
  public Map<String, OnnxTensor> tables(int capacity, int promptLength) throws OrtException {
    tables.reach(capacity + 1);
    return tables.tables(tables.choice(promptLength));
  }

  /** Shapes of the caches of one sequence, {@code [1, heads, capacity, width]} in f32, by name. */
  public Map<String, List<Long>> caches(int capacity) {
    Map<String, List<Long>> shapes = new HashMap<>();
    SortedMap<Integer, KvLayout> layouts = graph.caches();
    layouts.forEach(
        (layer, layout) -> {
          List<Long> shape =
              List.of(1L, (long) layout.kv().heads(), (long) capacity, (long) layout.width());
          shapes.put(GraphBody.keys(layer), shape);
          shapes.put(GraphBody.values(layer), shape);
        });
    return shapes;
  }

  /** Whether the graph wants {@link Names#POSITIONS}. */
  public boolean usesPositions() {
    return graph.usesPositions();
  }

  /** Elements of a row of logits. */
  public int vocabulary() {
    return decoder.shape().vocabulary();
  }

  @Override
  public void close() {
    tables.close();
    loaded.forEach(WeightTensors::close);
    loaded.clear();
    weights.clear();
  }
}
