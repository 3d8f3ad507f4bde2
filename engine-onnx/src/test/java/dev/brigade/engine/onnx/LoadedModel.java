package dev.brigade.engine.onnx;

import dev.brigade.model.ModelFiles;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.LoadRequest;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Pass;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.engine.Slice;
import dev.brigade.spi.engine.Tensor;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.golden.GoldenModel;
import java.util.List;

/** A golden model as one shard of an engine of its own. */
final class LoadedModel implements AutoCloseable {
  private final TestHost host = TestHost.create();
  private final OnnxEngine engine;
  private final OnnxShard shard;
  private final int vocabulary;

  LoadedModel(String name, OnnxEngineConfig config, Precision precision) throws EngineException {
    engine = new OnnxEngine(config, host);
    GoldenModel model = GoldenModel.named(name);
    try (ModelFiles files = ModelFiles.open(model.folder())) {
      vocabulary = files.decoder().shape().vocabulary();
      int layers = files.decoder().shape().layers();
      Shard all = new Shard(new ModelRef(name, "00000000"), 0, layers, layers);
      LoadRequest request = new LoadRequest(all, model.folder(), precision);
      shard = (OnnxShard) engine.load(request, p -> {}, Cancellation.none());
    }
  }

  OnnxEngine engine() {
    return engine;
  }

  OnnxShard shard() {
    return shard;
  }

  Sequence open(int capacity) throws EngineException {
    return shard.open(new SequenceSpec(capacity, 1));
  }

  /** Appends tokens and gives the logits after the last one. */
  float[] feed(Sequence sequence, int... ids) throws EngineException {
    return feed(List.of(new Slice(sequence, ids.length, 1)), ids)[0];
  }

  /** Runs a pass whose slices each want the logits of their last row. */
  float[][] feed(List<Slice> slices, int... ids) throws EngineException {
    Tensor out = Tensor.allocate(DType.F32, slices.size(), vocabulary);
    shard.run(new Pass(slices, Tensor.ofIds(ids)), out, Cancellation.none());
    float[][] logits = new float[slices.size()][vocabulary];
    var source = out.bytes().asFloatBuffer();
    for (float[] row : logits) {
      source.get(row);
    }
    return logits;
  }

  @Override
  public void close() {
    shard.close();
    engine.close();
    host.close();
  }
}
