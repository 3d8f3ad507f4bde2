package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.Conversion;
import dev.brigade.engine.ggml.binding.GgmlDevice;
import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.engine.ggml.binding.NativeBytes;
import dev.brigade.engine.ggml.binding.TensorBlock;
import dev.brigade.model.weights.BlockWeight;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Brings weights from a checkpoint to where ggml computes: where they are bytes of a mapped file,
 * they stay there; else they are copied, laid out or quantised on the way. Large ones go in slices,
 * since a buffer of Java ends at 2 GiB and a cancellation should not wait.
 */
final class WeightLoader {
  private static final long SLICE_BYTES = 64L << 20;

  private final GgmlDevice cpu;
  private final GgmlDevice device;
  private final Checkpoint checkpoint;
  private final QuantizedFiles cache;
  private final Cancellation cancel;

  /**
   * @param cpu of the same library as the device, or the device itself
   * @param cache where quantised weights are kept
   */
  WeightLoader(
      GgmlDevice cpu,
      GgmlDevice device,
      Checkpoint checkpoint,
      QuantizedFiles cache,
      Cancellation cancel) {
    this.cpu = cpu;
    this.device = device;
    this.checkpoint = checkpoint;
    this.cache = cache;
    this.cancel = cancel;
  }

  /** The weight, which the caller closes. */
  TensorBlock load(WeightKey key) throws EngineException {
    Optional<BlockWeight> blocks =
        key.type().isQuantized() ? checkpoint.blocks(key.weight()) : Optional.empty();
    try {
      if (blocks.isPresent() && GgmlType.of(blocks.get().type()) == key.type()) {
        return stored(key, blocks.get());
      }
    } catch (IOException e) {
      throw new BadModel("weight " + key + " cannot be read: " + e.getMessage(), e);
    }
    return key.type().isQuantized() ? quantized(key) : floats(key);
  }

  /** Blocks as they are in the file. */
  private TensorBlock stored(WeightKey key, BlockWeight blocks)
      throws IOException, EngineException {
    Optional<ByteBuffer> mapped = blocks.mapped();
    if (mapped.isPresent() && !key.isPacked()) {
      Optional<TensorBlock> over = over(mapped.get(), key);
      if (over.isPresent()) {
        return over.get();
      }
    }
    if (mapped.isPresent()) {
      return filled(key, block -> block.tensor(0).set(mapped.get(), 0));
    }
    return filled(key, block -> gather(key, blocks, block));
  }

  /** Packed memory takes a matrix in one piece only. */
  private void gather(WeightKey key, BlockWeight blocks, TensorBlock block)
      throws IOException, EngineException {
    if (!key.isPacked()) {
      for (long from = 0; from < blocks.bytes(); from += SLICE_BYTES) {
        requireWanted();
        block.tensor(0).set(blocks.slice(from, Math.min(blocks.bytes(), from + SLICE_BYTES)), from);
      }
      return;
    }
    try (NativeBytes whole = NativeBytes.allocate(key.bytes())) {
      for (long from = 0; from < blocks.bytes(); from += SLICE_BYTES) {
        requireWanted();
        ByteBuffer slice = blocks.slice(from, Math.min(blocks.bytes(), from + SLICE_BYTES));
        whole.slice(from, slice.remaining()).put(slice);
      }
      block.tensor(0).set(whole);
    }
  }

  private TensorBlock floats(WeightKey key) throws EngineException {
    DType type =
        switch (key.type()) {
          case F16 -> DType.F16;
          case BF16 -> DType.BF16;
          default -> DType.F32;
        };
    if (key.bytes() <= Integer.MAX_VALUE) {
      Optional<TensorBlock> over =
          checkpoint.mapped(key.weight(), type).flatMap(mapped -> over(mapped.bytes(), key));
      if (over.isPresent()) {
        return over.get();
      }
    }
    return filled(
        key,
        block -> {
          long[] offset = {0};
          forEachSlice(
              key.weight(),
              type,
              bytes -> {
                block.tensor(0).set(bytes, offset[0]);
                offset[0] += bytes.remaining();
              });
        });
  }

  private TensorBlock quantized(WeightKey key) throws EngineException {
    Optional<ByteBuffer> kept =
        cache.get(
            key, target -> quantize(key, (from, size) -> target.slice((int) from, (int) size)));
    if (kept.isPresent() && !key.isPacked()) {
      Optional<TensorBlock> over = over(kept.get(), key);
      if (over.isPresent()) {
        return over.get();
      }
    }
    if (kept.isPresent()) {
      return filled(key, block -> block.tensor(0).set(kept.get(), 0));
    }
    try (NativeBytes quantized = NativeBytes.allocate(key.bytes())) {
      quantize(key, quantized::slice);
      return filled(key, block -> block.tensor(0).set(quantized));
    }
  }

  @FunctionalInterface
  private interface Room {
    ByteBuffer slice(long from, long size);
  }

  private void quantize(WeightKey key, Room target) throws EngineException {
    List<Long> shape = key.weight().shape();
    long width = shape.get(shape.size() - 1);
    long[] offset = {0};
    forEachSlice(
        key.weight(),
        DType.F32,
        floats -> {
          long size = key.type().bytes(floats.remaining() / Float.BYTES);
          Conversion.quantize(key.type(), floats, width, target.slice(offset[0], size));
          offset[0] += size;
        });
  }

  private Optional<TensorBlock> over(ByteBuffer bytes, WeightKey key) {
    Optional<TensorBlock> block = TensorBlock.over(owner(key), bytes, key.layout());
    block.ifPresent(TensorBlock::markAsWeights);
    if (block.isPresent() && bytes instanceof MappedByteBuffer mapped) {
      // Read now, while somebody waits for that, rather than in the first pass.
      mapped.load();
    }
    return block;
  }

  private GgmlDevice owner(WeightKey key) {
    return key.place() == WeightKey.Place.DEVICE ? device : cpu;
  }

  @FunctionalInterface
  private interface Filler {
    void fill(TensorBlock block) throws IOException, EngineException;
  }

  /** New memory with the weight in it. */
  private TensorBlock filled(WeightKey key, Filler filler) throws EngineException {
    String what = "weight " + key;
    TensorBlock block =
        key.isPacked()
            ? TensorBlock.allocatePacked(cpu, what, key.layout())
            : TensorBlock.allocate(owner(key), what, List.of(key.layout()));
    try {
      filler.fill(block);
      block.markAsWeights();
      return block;
    } catch (IOException e) {
      block.close();
      throw new BadModel(what + " cannot be read: " + e.getMessage(), e);
    } catch (EngineException | RuntimeException e) {
      block.close();
      throw e;
    }
  }

  @FunctionalInterface
  private interface SliceTaker {
    void take(ByteBuffer bytes);
  }

  private void forEachSlice(Weight weight, DType type, SliceTaker taker) throws EngineException {
    long entries = weight.shape().get(0);
    long entryBytes = weight.elements() / entries * type.bytes();
    long step = Math.max(1, SLICE_BYTES / entryBytes);
    for (long from = 0; from < entries; from += step) {
      requireWanted();
      long to = Math.min(entries, from + step);
      Weight slice = from == 0 && to == entries ? weight : weight.rows(from, to);
      Tensor read = checkpoint.read(slice, type);
      taker.take(read.bytes());
      // The address of a buffer does not keep it alive.
      java.lang.ref.Reference.reachabilityFence(read);
    }
  }

  private void requireWanted() throws EngineException.Cancelled {
    if (cancel.isCancelled()) {
      throw new EngineException.Cancelled();
    }
  }
}
