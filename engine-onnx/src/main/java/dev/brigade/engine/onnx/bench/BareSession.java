package dev.brigade.engine.onnx.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.brigade.engine.onnx.GraphExport;
import dev.brigade.engine.onnx.GraphExport.Names;
import dev.brigade.engine.onnx.OnnxEngineConfig;
import dev.brigade.model.bench.Baseline;
import dev.brigade.model.bench.BaselineWork;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One sequence, whose tensors are made once and given to the session as they are: what a run costs
 * beyond this is the engine's own. A prompt is one run.
 */
final class BareSession implements Baseline {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private final GraphExport export;
  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Map<String, OnnxTensor> outputs = new HashMap<>();
  private final Map<Integer, Rows> rows = new HashMap<>();
  private final List<OnnxTensor> own = new ArrayList<>();
  private final ByteBuffer last = direct(Integer.BYTES);
  private final ByteBuffer total = direct(Integer.BYTES);
  private final ByteBuffer outputRow = direct(Long.BYTES);
  private final ByteBuffer logits;
  private boolean closed;

  private BareSession(GraphExport export, OrtSession session) {
    this.export = export;
    this.session = session;
    logits = direct(Float.BYTES * export.vocabulary());
  }

  /** What goes in for a number of rows. */
  private record Rows(ByteBuffer ids, OnnxTensor input, ByteBuffer positions, OnnxTensor where) {}

  /** Takes over the export, unless it fails. */
  static BareSession start(GraphExport export, OnnxEngineConfig config, BaselineWork work)
      throws EngineException {
    BareSession bare = new BareSession(export, export.start(config));
    try {
      bare.prepare(work);
      return bare;
    } catch (OrtException e) {
      bare.release();
      throw failure(e);
    }
  }

  private void prepare(BaselineWork work) throws OrtException {
    for (Map.Entry<String, List<Long>> cache : export.caches(work.capacity()).entrySet()) {
      List<Long> shape = cache.getValue();
      long elements = shape.stream().reduce(1L, Math::multiplyExact);
      OnnxTensor tensor = floats(direct(Math.toIntExact(Float.BYTES * elements)), sizes(shape));
      inputs.put(cache.getKey(), tensor);
      outputs.put(Names.present(cache.getKey()), tensor);
    }
    inputs.putAll(export.tables(work.capacity(), work.promptLength()));
    inputs.put(Names.BATCH, wholes(direct(Long.BYTES).putLong(0, 1), 1));
    inputs.put(Names.LAST_POSITIONS, numbers(last, 1));
    inputs.put(Names.TOTAL, numbers(total, 1));
    inputs.put(Names.OUTPUT_ROWS, wholes(outputRow, 1));
    outputs.put(Names.OUTPUT, floats(logits, 1, export.vocabulary()));
  }

  @Override
  public void append(int[] ids, int start, Tensor out) throws EngineException {
    try {
      Rows given = rows(ids.length);
      for (int i = 0; i < ids.length; i++) {
        given.ids().putInt(Integer.BYTES * i, ids[i]);
        given.positions().putLong(Long.BYTES * i, start + i);
      }
      int end = start + ids.length;
      last.putInt(0, end - 1);
      total.putInt(0, end);
      outputRow.putLong(0, ids.length - 1);
      inputs.put(Names.INPUT, given.input());
      if (export.usesPositions()) {
        inputs.put(Names.POSITIONS, given.where());
      }
      session.run(inputs, Set.of(), outputs).close();
      out.bytes().put(logits.duplicate());
    } catch (OrtException e) {
      throw failure(e);
    }
  }

  private Rows rows(int count) throws OrtException {
    Rows known = rows.get(count);
    if (known == null) {
      ByteBuffer ids = direct(Integer.BYTES * count);
      ByteBuffer positions = direct(Long.BYTES * count);
      known = new Rows(ids, numbers(ids, count), positions, wholes(positions, 1, count));
      rows.put(count, known);
    }
    return known;
  }

  private OnnxTensor floats(ByteBuffer data, long... shape) throws OrtException {
    return kept(OnnxTensor.createTensor(ENVIRONMENT, data.asFloatBuffer(), shape));
  }

  private OnnxTensor numbers(ByteBuffer data, long... shape) throws OrtException {
    return kept(OnnxTensor.createTensor(ENVIRONMENT, data.asIntBuffer(), shape));
  }

  private OnnxTensor wholes(ByteBuffer data, long... shape) throws OrtException {
    return kept(OnnxTensor.createTensor(ENVIRONMENT, data.asLongBuffer(), shape));
  }

  private OnnxTensor kept(OnnxTensor tensor) {
    own.add(tensor);
    return tensor;
  }

  private static long[] sizes(List<Long> shape) {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  private static EngineException failure(OrtException e) {
    String report = String.valueOf(e.getMessage()).strip();
    return new EngineException.DeviceFailure("bare ONNX Runtime: " + report, e);
  }

  /** Frees all but the export. */
  private void release() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("closing a session of ONNX Runtime failed", e);
    }
    own.forEach(OnnxTensor::close);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      release();
      export.close();
    }
  }
}
