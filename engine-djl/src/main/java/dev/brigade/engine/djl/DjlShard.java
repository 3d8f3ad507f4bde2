package dev.brigade.engine.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.brigade.model.decoder.DecoderShape;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.engine.PassCheck;
import dev.brigade.model.engine.PassChunk;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.MemoryUse;
import dev.brigade.spi.engine.Pass;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.engine.Slice;
import dev.brigade.spi.engine.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** A loaded shard: its script, its weights, and the caches of its open sequences. */
final class DjlShard implements LoadedShard {
  private final EngineContext engine;
  private final Shard shard;
  private final DecoderShape shape;
  private final List<KvShape> kvShapes;
  private final DType precision;
  private final ShardTensors tensors;
  private final ScriptModule script;
  private final PassCheck check;
  private final Map<Long, DjlSequence> sequences = new LinkedHashMap<>();
  private long kvBytes;
  private long nextId;
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
    this.kvShapes = List.copyOf(kvShapes);
    this.precision = precision;
    this.tensors = tensors;
    this.script = script;
    check = new PassCheck(shard, shape, DjlEngine.HIDDEN_TYPES, this::isOpen);
  }

  private boolean isOpen(Sequence sequence) {
    return sequence instanceof DjlSequence mine && mine.isOpenOn(this);
  }

  ScriptModule script() {
    return script;
  }

  List<KvShape> kvShapes() {
    return kvShapes;
  }

  int firstLayer() {
    return shard.first();
  }

  @Override
  public MemoryUse memory() {
    return new MemoryUse(tensors.weightBytes(), kvBytes, 0);
  }

  @Override
  public DjlSequence open(SequenceSpec spec) throws InsufficientMemoryException {
    if (closed) {
      throw new IllegalStateException("the shard is closed");
    }
    String what = "KV cache of " + spec.capacity() + " tokens for " + shard.model().id();
    long bytes = kvBytes(spec);
    engine.budget().reserve(what, bytes);
    DjlSequence sequence = new DjlSequence(this, nextId++, spec);
    try {
      script.call(
          "open",
          sequence.id(),
          spec.capacity(),
          kvSizes(),
          TorchType.code(precision),
          engine.device().name());
    } catch (EngineException.DeviceFailure e) {
      engine.budget().release(bytes);
      throw new InsufficientMemoryException(what, bytes, engine.budget().available());
    }
    kvBytes += bytes;
    sequences.put(sequence.id(), sequence);
    return sequence;
  }

  private long kvBytes(SequenceSpec spec) {
    long elements = kvShapes.stream().mapToLong(KvShape::elements).sum();
    return elements * precision.bytes() * spec.capacity();
  }

  private long[] kvSizes() {
    return kvShapes.stream()
        .flatMap(kv -> List.of(kv.heads(), kv.keyWidth(), kv.valueWidth()).stream())
        .mapToLong(Integer::longValue)
        .toArray();
  }

  /** Frees a sequence's cache. */
  void forget(DjlSequence sequence) {
    if (sequences.remove(sequence.id()) == null) {
      return;
    }
    long bytes = kvBytes(new SequenceSpec(sequence.capacity(), 0));
    kvBytes -= bytes;
    engine.budget().release(bytes);
    try {
      script.call("close", sequence.id());
    } catch (EngineException.DeviceFailure e) {
      engine.log().log(System.Logger.Level.WARNING, "freeing a KV cache: " + e.getMessage());
    }
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
    for (Slice slice : pass.slices()) {
      ((DjlSequence) slice.sequence()).grow(slice.count());
    }
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
  private static long[] plan(PassChunk chunk) {
    return chunk.parts().stream()
        .flatMapToLong(
            part -> {
              DjlSequence sequence = (DjlSequence) part.sequence();
              return LongStream.of(
                  sequence.id(),
                  part.start(),
                  part.count(),
                  part.outputs(),
                  sequence.promptLength());
            })
        .toArray();
  }

  /** Reads or writes one tensor of a cache. */
  void transfer(String method, long sequence, int index, int start, Tensor rows)
      throws EngineException.DeviceFailure {
    long[] sizes = rows.shape().stream().mapToLong(Long::longValue).toArray();
    try (PtNDArray blob = Blob.cube(engine.mainMemory(), rows.bytes(), sizes)) {
      script.call(method, sequence, index, start, blob);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      List.copyOf(sequences.values()).forEach(DjlSequence::close);
      script.close();
      tensors.close();
      engine.closed(this);
    }
  }
}
