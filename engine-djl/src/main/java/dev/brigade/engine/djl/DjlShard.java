package dev.brigade.engine.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.brigade.model.decoder.DecoderShape;
import dev.brigade.model.decoder.KvShape;
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
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.engine.Tensor;
import java.util.List;
import java.util.stream.LongStream;

/** A loaded shard: its script, its weights, and the caches of its open sequences. */
final class DjlShard implements LoadedShard {
  private final EngineContext engine;
  private final Shard shard;
  private final DecoderShape shape;
  private final ShardTensors tensors;
  private final ScriptModule script;
  private final PassCheck check;
  private final OpenSequences<Long> sequences;
  private boolean closed;

  /** Takes over tensors and script. */
  DjlShard(
      EngineContext engine,
      Shard shard,
      DecoderShape shape,
      List<KvShape> kvShapes,
      DType precision,
      ShardTensors tensors,
      ScriptModule script) {
    this.engine = engine;
    this.shard = shard;
    this.shape = shape;
    this.tensors = tensors;
    this.script = script;
    ScriptCaches caches = new ScriptCaches(engine, script, kvShapes, precision);
    sequences = new OpenSequences<>(shard, kvShapes, engine.budget(), caches);
    check = new PassCheck(shard, shape, DjlEngine.HIDDEN_TYPES, sequences::isOpen);
  }

  @Override
  public MemoryUse memory() {
    return new MemoryUse(tensors.weightBytes(), sequences.bytes(), 0);
  }

  @Override
  public CachedSequence<Long> open(SequenceSpec spec) throws InsufficientMemoryException {
    if (closed) {
      throw new IllegalStateException("the shard is closed");
    }
    return sequences.open(spec);
  }

  @Override
  public void run(Pass pass, Tensor out, Cancellation cancel) throws EngineException {
    if (closed) {
      throw new IllegalStateException("the shard is closed");
    }
    check.require(pass, out);
    Torch.prepareThread(engine.threads());
    for (PassChunk chunk : PassChunk.of(pass.slices(), engine.chunkRows())) {
      if (cancel.isCancelled()) {
        throw new EngineException.Cancelled();
      }
      run(chunk, pass.in(), out);
    }
    sequences.grow(pass.slices());
  }

  private void run(PassChunk chunk, Tensor in, Tensor out) throws EngineException.DeviceFailure {
    int inWidth = shard.embeds() ? 0 : shape.width();
    int from = shard.hasHead() ? chunk.outputsFrom() : chunk.from();
    int to = shard.hasHead() ? from + chunk.outputs() : chunk.to();
    int outWidth = shard.hasHead() ? shape.vocabulary() : shape.width();
    PtNDManager memory = engine.mainMemory();
    try (PtNDArray input =
            Blob.rows(memory, in.bytes(), in.type(), inWidth, chunk.from(), chunk.to());
        PtNDArray output = Blob.rows(memory, out.bytes(), out.type(), outWidth, from, to)) {
      script.call("run", input, plan(chunk), output);
    }
  }

  /** Five numbers for each part: sequence, start, count, outputs, length of the prompt. */
  private long[] plan(PassChunk chunk) {
    return chunk.parts().stream()
        .flatMapToLong(
            part -> {
              CachedSequence<Long> sequence = sequences.get(part.sequence());
              return LongStream.of(
                  sequence.cache(),
                  part.start(),
                  part.count(),
                  part.outputs(),
                  sequence.promptLength());
            })
        .toArray();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      sequences.close();
      script.close();
      tensors.close();
      engine.closed(this);
    }
  }
}
