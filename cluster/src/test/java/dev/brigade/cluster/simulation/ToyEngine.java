package dev.brigade.cluster.simulation;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.KvSink;
import dev.brigade.spi.engine.KvSource;
import dev.brigade.spi.engine.LoadRequest;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.MemoryUse;
import dev.brigade.spi.engine.Pass;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.engine.Slice;
import dev.brigade.spi.engine.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Runs the {@link ToyModel}, and counts what it has given out and not got back. */
final class ToyEngine implements InferenceEngine {
  private int openShards;
  private int openSequences;
  private int loads;

  /** How often it was asked to load a shard. */
  int loads() {
    return loads;
  }

  int openShards() {
    return openShards;
  }

  int openSequences() {
    return openSequences;
  }

  @Override
  public EngineProfile profile() {
    EngineProfile.Cost cost = new EngineProfile.Cost(Precision.F32, 4, 4, DType.F32, Map.of());
    return new EngineProfile("toy", "none", List.of(cost), Set.of(DType.F32), 4, 0);
  }

  @Override
  public LoadedShard load(LoadRequest request, Consumer<Progress> progress, Cancellation cancel) {
    openShards++;
    loads++;
    return new ToyShard(request.shard());
  }

  @Override
  public void close() {}

  private final class ToyShard implements LoadedShard {
    private final Shard shard;
    private boolean closed;

    ToyShard(Shard shard) {
      this.shard = shard;
    }

    @Override
    public MemoryUse memory() {
      return new MemoryUse(1000L * (shard.last() - shard.first()), 0, 0);
    }

    @Override
    public Sequence open(SequenceSpec spec) {
      openSequences++;
      return new ToySequence(shard.last() - shard.first(), spec.capacity());
    }

    @Override
    public void run(Pass pass, Tensor out, Cancellation cancel) {
      ByteBuffer in = pass.in().bytes();
      ByteBuffer to = out.bytes();
      for (Slice slice : pass.slices()) {
        ToySequence sequence = (ToySequence) slice.sequence();
        for (int row = 0; row < slice.count(); row++) {
          int x = sequence.append(read(in));
          if (!shard.hasHead()) {
            to.putFloat(x).putFloat(sequence.length());
          } else if (row >= slice.count() - slice.outputs()) {
            for (int token = 0; token < ToyModel.VOCABULARY; token++) {
              to.putFloat(ToyModel.logit(x, token));
            }
          }
        }
      }
    }

    private int read(ByteBuffer in) {
      if (shard.embeds()) {
        return ToyModel.embed(in.getInt());
      }
      int x = (int) in.getFloat();
      in.getFloat();
      return x;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        openShards--;
      }
    }

    private final class ToySequence implements Sequence {
      private final List<List<Integer>> caches = new ArrayList<>();
      private final int capacity;
      private boolean freed;

      ToySequence(int layers, int capacity) {
        this.capacity = capacity;
        for (int layer = 0; layer < layers; layer++) {
          caches.add(new ArrayList<>());
        }
      }

      int append(int input) {
        if (length() == capacity) {
          throw new IllegalArgumentException("the sequence is full");
        }
        int x = input;
        for (int layer = 0; layer < caches.size(); layer++) {
          int y = ToyModel.layer(shard.first() + layer, x, caches.get(layer));
          caches.get(layer).add(x);
          x = y;
        }
        return x;
      }

      @Override
      public int length() {
        return caches.get(0).size();
      }

      @Override
      public int capacity() {
        return capacity;
      }

      @Override
      public int truncate(int length) {
        caches.forEach(cache -> cache.subList(length, cache.size()).clear());
        return length;
      }

      @Override
      public Sequence fork(SequenceSpec spec) {
        throw new UnsupportedOperationException("not used by the cluster");
      }

      @Override
      public void exportKv(int from, int to, KvSink sink) {
        throw new UnsupportedOperationException("not used by the cluster");
      }

      @Override
      public void importKv(KvSource source) {
        throw new UnsupportedOperationException("not used by the cluster");
      }

      @Override
      public void close() {
        if (!freed) {
          freed = true;
          openSequences--;
        }
      }
    }
  }
}
