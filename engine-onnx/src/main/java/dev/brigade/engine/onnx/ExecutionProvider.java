package dev.brigade.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What computes within ONNX Runtime. What a provider cannot compute falls to the CPU; KV caches
 * stay in main memory, so that a device which is not the CPU copies them on every run.
 *
 * @param name as in a config file
 */
record ExecutionProvider(String name, OrtProvider provider) {
  static final ExecutionProvider CPU = new ExecutionProvider("cpu", OrtProvider.CPU);

  private static final Map<String, OrtProvider> KNOWN =
      new TreeMap<>(
          Map.of(
              "cpu", OrtProvider.CPU,
              "cuda", OrtProvider.CUDA,
              "coreml", OrtProvider.CORE_ML,
              "directml", OrtProvider.DIRECT_ML,
              "openvino", OrtProvider.OPEN_VINO,
              "webgpu", OrtProvider.WEBGPU,
              "rocm", OrtProvider.ROCM,
              "qnn", OrtProvider.QNN,
              "xnnpack", OrtProvider.XNNPACK,
              "tensorrt", OrtProvider.TENSOR_RT));

  /**
   * @param wanted {@code auto} or the name of a provider
   * @throws IllegalArgumentException if it is not known, or the installed ONNX Runtime lacks it
   */
  static ExecutionProvider parse(String wanted) {
    String name = wanted.strip().toLowerCase(Locale.ROOT);
    EnumSet<OrtProvider> available = available();
    if (name.equals("auto")) {
      return available.contains(OrtProvider.CUDA)
          ? new ExecutionProvider("cuda", OrtProvider.CUDA)
          : CPU;
    }
    OrtProvider provider = KNOWN.get(name);
    if (provider == null) {
      throw new IllegalArgumentException(
          "provider '" + wanted + "': want auto or one of " + String.join(", ", KNOWN.keySet()));
    }
    if (!available.contains(provider)) {
      throw new IllegalArgumentException(
          ("provider '%s': the ONNX Runtime that is installed has only %s; use one that is built"
                  + " with it by the system property onnxruntime.native.path, or choose auto")
              .formatted(wanted, String.join(", ", names(available).keySet())));
    }
    return new ExecutionProvider(name, provider);
  }

  private static EnumSet<OrtProvider> available() {
    Ort.environment();
    return OrtEnvironment.getAvailableProviders();
  }

  private static SortedMap<String, OrtProvider> names(EnumSet<OrtProvider> providers) {
    SortedMap<String, OrtProvider> names = new TreeMap<>(KNOWN);
    names.values().retainAll(providers);
    return names;
  }

  boolean isCpu() {
    return provider == OrtProvider.CPU;
  }

  /** Asks a session to compute on it. */
  void addTo(SessionOptions options) throws OrtException {
    switch (provider) {
      case CUDA -> options.addCUDA();
      case CORE_ML -> options.addCoreML();
      case DIRECT_ML -> options.addDirectML(0);
      case OPEN_VINO -> options.addOpenVINO("");
      case WEBGPU -> options.addWebGPU(Map.of());
      case ROCM -> options.addROCM();
      case QNN -> options.addQnn(Map.of());
      case XNNPACK -> options.addXnnpack(Map.of());
      case TENSOR_RT -> options.addTensorrt(0);
      default -> {
        // The CPU is always there.
      }
    }
  }
}
