package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.engine.mlx.binding.Recording;
import dev.brigade.model.engine.CachedSequence;
import dev.brigade.model.engine.OpenSequences;
import dev.brigade.model.engine.PassCheck;
import dev.brigade.model.engine.PassChunk;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.MemoryUse;
import dev.brigade.spi.engine.Pass;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A loaded shard: its weights, and the caches of its open sequences. */
final class MlxShard implements LoadedShard {
  private final EngineContext engine;
  private final ShardPlan plan;
  private final ShardWeights weights;
  private final RotationPeriods periods = new RotationPeriods();
  private final OpenSequences<List<KvCache>> sequences;
  private final PassCheck check;
  private boolean closed;

  /** Takes over the weights. */
  MlxShard(EngineContext engine, ShardPlan plan, ShardWeights weights) {
    this.engine = engine;
    this.plan = plan;
    this.weights = weights;
    KvCaches caches = new KvCaches(engine.mlx(), engine.device(), plan.type(), plan.kv());
    sequences = new OpenSequences<>(plan.shard(), plan.kv(), engine.budget(), caches);
    check =
        new PassCheck(
            plan.shard(), plan.decoder().shape(), MlxEngine.HIDDEN_TYPES, sequences::isOpen);
  }

  @Override
  public MemoryUse memory() {
    return new MemoryUse(weights.bytes(), sequences.bytes(), 0);
  }

  @Override
  public CachedSequence<List<KvCache>> open(SequenceSpec spec) throws InsufficientMemoryException {
    requireOpen();
    return sequences.open(spec);
  }

  @Override
  public void run(Pass pass, Tensor out, Cancellation cancel) throws EngineException {
    requireOpen();
    check.require(pass, out);
    for (PassChunk chunk : PassChunk.of(pass.slices(), engine.chunkRows())) {
      if (cancel.isCancelled()) {
        throw new EngineException.Cancelled();
      }
      engine
          .mlx()
          .call(
              () -> {
                run(chunk, pass.in(), out);
                return chunk;
              });
    }
    sequences.grow(pass.slices());
  }

  private void run(PassChunk chunk, Tensor in, Tensor out) {
    boolean head = plan.shard().hasHead();
    List<MlxArray> wanted = new ArrayList<>();
    Optional<MlxArray> result = Optional.empty();
    // What is recorded must be let go before it is evaluated, or MLX could reuse no memory.
    try (Recording g = engine.mlx().record(engine.device())) {
      Step step = new Step(g, chunk, sequences);
      MlxOps ops = new MlxOps(step, weights, periods, plan);
      Value y =
          plan.decoder().shard(ops, plan.shard().first(), plan.shard().last(), input(g, chunk, in));
      if (!head || chunk.outputs() > 0) {
        MlxArray typed =
            out.type() == DType.BF16 ? g.cast(y.array(), MlxType.BF16) : ops.wide(y).array();
        result = Optional.of(g.contiguous(typed));
      }
      wanted.addAll(step.commit());
      result.map(g::keep).ifPresent(wanted::add);
    }
    try {
      engine.mlx().evaluate(wanted);
      if (result.isPresent()) {
        int from = head ? chunk.outputsFrom() : chunk.from();
        int count = head ? chunk.outputs() : chunk.rows();
        result.get().copyTo(rows(out, from, count));
      }
    } finally {
      result.ifPresent(MlxArray::close);
    }
  }

  private Value input(Recording g, PassChunk chunk, Tensor in) {
    ByteBuffer rows = rows(in, chunk.from(), chunk.rows());
    MlxType type = MlxType.of(in.type());
    if (plan.shard().embeds()) {
      return new Value(g.copyOf(rows, type, chunk.rows()), type, 0);
    }
    int width = in.size(1);
    MlxArray hidden = g.copyOf(rows, type, chunk.rows(), width);
    return type == MlxType.F32
        ? new Value(hidden, type, width)
        : new Value(g.cast(hidden, MlxType.F32), MlxType.F32, width);
  }

  private static ByteBuffer rows(Tensor tensor, int from, int count) {
    ByteBuffer all = tensor.bytes();
    int row = tensor.size(0) == 0 ? 0 : all.remaining() / tensor.size(0);
    return all.slice(all.position() + from * row, count * row).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the shard is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      sequences.close();
      periods.close();
      weights.close();
      engine.closed(this);
    }
  }
}
