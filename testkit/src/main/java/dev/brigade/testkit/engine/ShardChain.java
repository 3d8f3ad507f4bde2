package dev.brigade.testkit.engine;

import dev.brigade.model.ModelFiles;
import dev.brigade.model.decoder.DecoderShape;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.LoadRequest;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Pass;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.engine.Slice;
import dev.brigade.spi.engine.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A model cut into shards that run one after the other in this thread, hidden states in f32 between
 * them. Closes its sequences and shards, not the engines.
 */
public final class ShardChain implements AutoCloseable {
  private final List<LoadedShard> shards = new ArrayList<>();
  private final List<ChainSequence> sequences = new ArrayList<>();
  private final List<Tensor> hidden = new ArrayList<>();
  private final DecoderShape shape;

  private ShardChain(DecoderShape shape) {
    this.shape = shape;
  }

  /**
   * Loads a model.
   *
   * @param engines one for each shard
   * @param precisions one for each shard
   * @param cuts layers before which the model is cut, ascending
   */
  public static ShardChain load(
      List<InferenceEngine> engines, List<Precision> precisions, Path folder, int... cuts)
      throws EngineException {
    DecoderShape shape;
    ModelRef ref;
    try (ModelFiles model = ModelFiles.open(folder)) {
      shape = model.decoder().shape();
      ref = model.ref(folder.getFileName().toString());
    }
    ShardChain chain = new ShardChain(shape);
    try {
      for (int i = 0; i <= cuts.length; i++) {
        int first = i == 0 ? 0 : cuts[i - 1];
        int last = i == cuts.length ? shape.layers() : cuts[i];
        Shard shard = new Shard(ref, first, last, shape.layers());
        LoadRequest request = new LoadRequest(shard, folder, precisions.get(i));
        chain.shards.add(engines.get(i).load(request, progress -> {}, Cancellation.none()));
      }
      return chain;
    } catch (EngineException | RuntimeException | Error e) {
      chain.close();
      throw e;
    }
  }

  /** One model on one engine. */
  public static ShardChain load(
      InferenceEngine engine, Path folder, Precision precision, int... cuts)
      throws EngineException {
    int shards = cuts.length + 1;
    return load(
        Collections.nCopies(shards, engine), Collections.nCopies(shards, precision), folder, cuts);
  }

  /** The shards, first to last. */
  public List<LoadedShard> shards() {
    return List.copyOf(shards);
  }

  /** The model's sizes. */
  public DecoderShape shape() {
    return shape;
  }

  /** Opens a sequence on every shard. */
  public ChainSequence open(int capacity, int promptLength) throws EngineException {
    ChainSequence sequence = ChainSequence.open(shards, capacity, promptLength);
    sequences.add(sequence);
    return sequence;
  }

  /**
   * One sequence's part of a pass.
   *
   * @param ids tokens to append
   * @param outputs how many of the last ones to give logits of
   */
  public record Turn(ChainSequence sequence, List<Integer> ids, int outputs) {
    public Turn {
      ids = List.copyOf(ids);
    }
  }

  /** Appends tokens and gives the logits after the last one. */
  public float[] feed(ChainSequence sequence, List<Integer> ids) throws EngineException {
    return run(List.of(new Turn(sequence, ids, 1)), Cancellation.none())[0];
  }

  /** Runs a pass through all shards and gives its logits, turn after turn. */
  public float[][] run(List<Turn> turns, Cancellation cancel) throws EngineException {
    int[] ids = turns.stream().flatMap(t -> t.ids().stream()).mapToInt(Integer::intValue).toArray();
    int outputs = turns.stream().mapToInt(Turn::outputs).sum();
    hidden.clear();
    Tensor x = Tensor.ofIds(ids);
    for (int stage = 0; stage < shards.size(); stage++) {
      List<Slice> slices = new ArrayList<>();
      for (Turn turn : turns) {
        slices.add(new Slice(turn.sequence().on(stage), turn.ids().size(), turn.outputs()));
      }
      Tensor out =
          stage == shards.size() - 1
              ? Tensor.allocate(DType.F32, outputs, shape.vocabulary())
              : Tensor.allocate(DType.F32, ids.length, shape.width());
      shards.get(stage).run(new Pass(slices, x), out, cancel);
      hidden.add(out);
      x = out;
    }
    return rows(x);
  }

  /** The hidden states of the last pass's rows after a shard other than the last. */
  public float[][] hiddenAfter(int stage) {
    return rows(hidden.get(stage));
  }

  /** Goes on greedily: appends {@code first}, then each likeliest token. */
  public List<Integer> greedy(ChainSequence sequence, int first, int count) throws EngineException {
    List<Integer> ids = new ArrayList<>(List.of(first));
    while (ids.size() < count) {
      ids.add(argmax(feed(sequence, List.of(ids.get(ids.size() - 1)))));
    }
    return ids;
  }

  /** Column of the largest. */
  public static int argmax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  private static float[][] rows(Tensor tensor) {
    int width = tensor.size(1);
    float[] all = new float[tensor.size(0) * width];
    tensor.bytes().asFloatBuffer().get(all);
    float[][] rows = new float[tensor.size(0)][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = Arrays.copyOfRange(all, row * width, (row + 1) * width);
    }
    return rows;
  }

  @Override
  public void close() {
    sequences.forEach(ChainSequence::close);
    shards.forEach(LoadedShard::close);
  }
}
