package dev.brigade.engine.ggml;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;

/** Functions that list devices, which newer builds have in a library of their own. */
final class GgmlRegistry {
  /** {@code GGML_BACKEND_DEVICE_TYPE_CPU}. */
  static final int CPU = 0;

  private GgmlRegistry() {}

  static native void ggml_backend_load_all_from_path(String folder);

  static native long ggml_backend_dev_by_type(int type);

  /** {@code ggml_log_callback}; may be called from any thread. */
  interface Log extends Callback {
    void log(int level, String text, Pointer user);
  }
}
