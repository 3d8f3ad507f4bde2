package dev.brigade.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import dev.brigade.engine.onnx.graph.ElementType;
import dev.brigade.spi.engine.EngineException;
import java.nio.ByteBuffer;
import java.util.List;

/** ONNX Runtime in this process: started once; what it has to say comes with its exceptions. */
final class Ort {
  private Ort() {}

  /** The runtime; loads the native libraries on first use. */
  static synchronized OrtEnvironment environment() {
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "brigade");
    try {
      environment.setTelemetry(false);
    } catch (OrtException e) {
      throw new IllegalStateException("switching off telemetry failed", e);
    }
    return environment;
  }

  /** A tensor over a direct buffer, which it does not copy and must not outlive. */
  static OnnxTensor tensor(ByteBuffer data, ElementType type, List<Long> shape)
      throws OrtException {
    long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
    return OnnxTensor.createTensor(environment(), data, sizes, javaType(type));
  }

  private static OnnxJavaType javaType(ElementType type) {
    return switch (type) {
      case F32 -> OnnxJavaType.FLOAT;
      case U8 -> OnnxJavaType.UINT8;
      case I32 -> OnnxJavaType.INT32;
      case I64 -> OnnxJavaType.INT64;
      case BOOL -> OnnxJavaType.BOOL;
    };
  }

  /** What the runtime reports, in one line. */
  static EngineException.DeviceFailure failure(String doing, OrtException e) {
    String report = String.valueOf(e.getMessage()).strip();
    return new EngineException.DeviceFailure(
        "ONNX Runtime, " + doing + ": " + report.lines().findFirst().orElse("no reason given"), e);
  }
}
