package dev.brigade.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.brigade.engine.onnx.graph.ElementType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A shard's graph in ONNX Runtime, and the tensors that go in and out of it. */
final class ShardSession implements AutoCloseable {
  private final OrtSession session;
  private final ShardGraph graph;
  private final Shard shard;

  /** Takes over the session. */
  ShardSession(OrtSession session, ShardGraph graph, Shard shard) {
    this.session = session;
    this.graph = graph;
    this.shard = shard;
  }

  /** Runs some rows of a pass; the caches and {@code out} are written in place. */
  void run(Call call, Map<String, OnnxTensor> tables, Tensor in, Tensor out, Termination end)
      throws EngineException {
    List<OnnxTensor> own = new ArrayList<>();
    int[] targets = shard.hasHead() ? call.outputTargets() : call.inputRows();
    try (StagedRows given = StagedRows.of(in, call.inputRows());
        StagedRows taken = StagedRows.of(out, targets)) {
      Map<String, OnnxTensor> caches = call.slab().tensors(call.firstSlot(), call.starts().length);
      Map<String, OnnxTensor> inputs = new HashMap<>(caches);
      Map<String, OnnxTensor> outputs = new HashMap<>();
      caches.forEach((name, tensor) -> outputs.put(GraphBody.present(name), tensor));
      inputs.putAll(tables);
      describe(call, inputs, own);
      given.gather();
      inputs.put(ShardGraph.INPUT, kept(own, given));
      if (targets.length > 0) {
        outputs.put(ShardGraph.OUTPUT, kept(own, taken));
      }
      session.run(inputs, Set.of(), outputs, end.options()).close();
      taken.scatter();
    } catch (OrtException e) {
      throw Ort.failure("running layers " + shard.first() + " to " + shard.last(), e);
    } finally {
      own.forEach(OnnxTensor::close);
    }
  }

  /** What the graph wants to know about the rows. */
  private void describe(Call call, Map<String, OnnxTensor> inputs, List<OnnxTensor> own)
      throws OrtException {
    int batch = call.starts().length;
    int each = call.rowsEach();
    int total = 0;
    ByteBuffer last = direct(Integer.BYTES * batch);
    ByteBuffer positions = direct(Long.BYTES * batch * each);
    for (int start : call.starts()) {
      last.putInt(start + each - 1);
      total = Math.max(total, start + each);
      for (int i = 0; i < each; i++) {
        positions.putLong(start + i);
      }
    }
    ByteBuffer sequences = direct(Long.BYTES).putLong(batch);
    ByteBuffer totals = direct(Integer.BYTES).putInt(total);
    List<Long> one = List.of(1L);
    inputs.put(GraphBody.BATCH, kept(own, sequences, ElementType.I64, one));
    inputs.put(GraphBody.LAST_POSITIONS, kept(own, last, ElementType.I32, List.of((long) batch)));
    inputs.put(GraphBody.TOTAL, kept(own, totals, ElementType.I32, one));
    if (graph.usesPositions()) {
      List<Long> sizes = List.of((long) batch, (long) each);
      inputs.put(GraphBody.POSITIONS, kept(own, positions, ElementType.I64, sizes));
    }
    if (graph.usesOutputRows()) {
      // A run without logits gives one row all the same, which nobody looks at.
      int[] wanted = call.outputRows().length > 0 ? call.outputRows() : new int[] {0};
      ByteBuffer rows = direct(Long.BYTES * wanted.length);
      for (int row : wanted) {
        rows.putLong(row);
      }
      inputs.put(
          GraphBody.OUTPUT_ROWS, kept(own, rows, ElementType.I64, List.of((long) wanted.length)));
    }
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  private static OnnxTensor kept(
      List<OnnxTensor> own, ByteBuffer data, ElementType type, List<Long> sizes)
      throws OrtException {
    OnnxTensor tensor = Ort.tensor(data.rewind(), type, sizes);
    own.add(tensor);
    return tensor;
  }

  private static OnnxTensor kept(List<OnnxTensor> own, StagedRows rows) throws OrtException {
    return kept(own, rows.data(), rows.type(), rows.shape());
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("closing a session of ONNX Runtime failed", e);
    }
  }
}
