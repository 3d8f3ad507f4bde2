package dev.brigade.engine.ggml.bench;

import com.sun.jna.Callback;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;

/**
 * Functions of {@code llama.h}. Its structures change from version to version: they are passed
 * through as they come, in more room than any version has needed, and only fields at their
 * beginning that have not moved are set.
 */
final class LlamaCpp {
  private static final System.Logger LOG = System.getLogger(LlamaCpp.class.getName());

  /** Called by native code for as long as the process lives. */
  private static final Log NATIVE_LOG = LlamaCpp::log;

  private LlamaCpp() {}

  /** Maps the functions, and silences the library. */
  static synchronized void bind(NativeLibrary library) {
    Native.register(LlamaCpp.class, library);
    library.getFunction("llama_log_set").invokeVoid(new Object[] {NATIVE_LOG, null});
    llama_backend_init();
  }

  private static void log(int level, String text, Pointer user) {
    if (text != null && !text.isBlank()) {
      // 3 warns and 4 is an error; the rest is chatter.
      boolean matters = level == 3 || level == 4;
      LOG.log(matters ? System.Logger.Level.DEBUG : System.Logger.Level.TRACE, text.strip());
    }
  }

  /** {@code ggml_log_callback}; may be called from any thread. */
  interface Log extends Callback {
    void log(int level, String text, Pointer user);
  }

  /** {@code struct llama_model_params} or {@code llama_context_params}, whatever it has. */
  @FieldOrder("bytes")
  public static class Params extends Structure {
    public byte[] bytes = new byte[512];

    /** Passed by value. */
    public static final class ByValue extends Params implements Structure.ByValue {}
  }

  /** {@code struct llama_batch}. */
  @FieldOrder({"tokens", "ids", "embeddings", "positions", "counts", "sequences", "logits"})
  public static class Batch extends Structure {
    public int tokens;
    public long ids;
    public long embeddings;
    public long positions;
    public long counts;
    public long sequences;
    public long logits;

    /** Passed by value. */
    public static final class ByValue extends Batch implements Structure.ByValue {}
  }

  static native void llama_backend_init();

  static native Params.ByValue llama_model_default_params();

  static native Params.ByValue llama_context_default_params();

  static native long llama_model_load_from_file(String path, Params.ByValue params);

  static native long llama_init_from_model(long model, Params.ByValue params);

  static native void llama_set_n_threads(long context, int threads, int batchThreads);

  static native int llama_n_ctx(long context);

  static native int llama_decode(long context, Batch.ByValue batch);

  static native Pointer llama_get_logits_ith(long context, int row);

  static native void llama_free(long context);

  static native void llama_model_free(long model);
}
