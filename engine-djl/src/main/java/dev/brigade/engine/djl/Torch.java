package dev.brigade.engine.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;

/** PyTorch in this process: started once, with nothing fetched and nothing reported. */
final class Torch {
  private static final ThreadLocal<Integer> THREADS = new ThreadLocal<>();

  private Torch() {}

  /** DJL's engine; loads the native libraries on first use, which takes about a second. */
  static synchronized Engine engine() {
    setIfAbsent("ai.djl.offline", "true");
    setIfAbsent("OPT_OUT_TRACKING", "true");
    // Shortens a script's first calls by far; steady speed is the same.
    setIfAbsent("ai.djl.pytorch.graph_optimizer", "false");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // DJL looks for the native library there, and a plugin's jars are in no other loader.
    thread.setContextClassLoader(Torch.class.getClassLoader());
    try {
      return Engine.getEngine("PyTorch");
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** A manager that nothing else refers to; whoever asks closes it. */
  static PtNDManager newManager(Device device) {
    return (PtNDManager) engine().newBaseManager(device);
  }

  /**
   * Makes this thread ready to run scripts. PyTorch keeps both settings per thread.
   *
   * @param threads that share the work of one operation
   */
  static void prepareThread(int threads) {
    Integer set = THREADS.get();
    if (set == null || set != threads) {
      JniUtils.setGraphExecutorOptimize(false);
      JniUtils.setNumThreads(threads);
      THREADS.set(threads);
    }
  }
}
