package dev.brigade.engine.ggml.binding;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;

/** Functions that list devices, which newer builds have in a library of their own. */
final class GgmlRegistry {
  private GgmlRegistry() {}

  static native void ggml_backend_load_all_from_path(String folder);

  static native long ggml_backend_dev_count();

  static native long ggml_backend_dev_get(long index);

  /** {@code ggml_log_callback}; may be called from any thread. */
  interface Log extends Callback {
    void log(int level, String text, Pointer user);
  }
}
