package dev.brigade.engine.ggml.bench;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.brigade.engine.ggml.LlamaLibrary;
import dev.brigade.model.bench.Baseline;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.DeviceFailure;
import dev.brigade.spi.engine.EngineException.Unsupported;
import dev.brigade.spi.engine.Tensor;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One sequence of a GGUF file in llama.cpp, with its own defaults for all but sizes and threads.
 */
final class LlamaDecode implements Baseline {
  private static final int CONTEXT_AT = 0;
  private static final int BATCH_AT = 4;
  private static final int USUAL_CONTEXT = 512;
  private static final int USUAL_BATCH = 2048;

  /** More than {@code struct ggml_threadpool_params} takes: 512 flags and five numbers. */
  private static final int POOL_PARAMS_BYTES = 1024;

  private final LlamaLibrary library;
  private final Memory ids;
  private long model;
  private long context;
  private long pool;
  private int length;

  private LlamaDecode(LlamaLibrary library, int capacity) {
    this.library = library;
    ids = new Memory((long) Integer.BYTES * capacity);
  }

  /**
   * Loads a file.
   *
   * @param capacity most tokens of the sequence
   */
  static LlamaDecode load(LlamaLibrary library, Path file, int capacity) throws EngineException {
    LlamaCpp.bind(library.library());
    LlamaDecode llama = new LlamaDecode(library, capacity);
    try {
      llama.start(file, capacity);
      return llama;
    } catch (EngineException | RuntimeException e) {
      llama.close();
      throw e;
    }
  }

  private void start(Path file, int capacity) throws EngineException {
    model =
        LlamaCpp.llama_model_load_from_file(file.toString(), LlamaCpp.llama_model_default_params());
    if (model == 0) {
      throw new DeviceFailure("llama.cpp cannot load " + file, null);
    }
    LlamaCpp.Params.ByValue params = LlamaCpp.llama_context_default_params();
    Pointer fields = params.getPointer();
    int context0 = fields.getInt(CONTEXT_AT);
    int batch0 = fields.getInt(BATCH_AT);
    if (context0 != USUAL_CONTEXT || batch0 != USUAL_BATCH) {
      throw new Unsupported(
          "this llama.cpp describes a context in another way: %d and %d where %d and %d were"
              .formatted(context0, batch0, USUAL_CONTEXT, USUAL_BATCH));
    }
    fields.setInt(CONTEXT_AT, capacity);
    fields.setInt(BATCH_AT, capacity);
    params.read();
    context = LlamaCpp.llama_init_from_model(model, params);
    if (context == 0 || LlamaCpp.llama_n_ctx(context) < capacity) {
      throw new DeviceFailure("llama.cpp has no context of " + capacity + " tokens", null);
    }
    LlamaCpp.llama_set_n_threads(context, library.threads(), library.threads());
    attachPool(library.threads());
  }

  /** Threads that stay; without them, some versions start new ones for every graph. */
  private void attachPool(int threads) {
    Optional<Function> make = library.deviceFunction("ggml_threadpool_new");
    Optional<Function> attach = function("llama_attach_threadpool");
    if (threads < 2 || make.isEmpty() || attach.isEmpty()) {
      return;
    }
    try (Memory params = new Memory(POOL_PARAMS_BYTES)) {
      params.clear();
      library.initPoolParams(params, threads);
      pool = Pointer.nativeValue(make.get().invokePointer(new Object[] {params}));
      Pointer made = new Pointer(pool);
      attach.get().invokeVoid(new Object[] {new Pointer(context), made, made});
    }
  }

  @Override
  public void append(int[] tokens, int start, Tensor logits) throws EngineException {
    forgetFrom(start);
    ids.write(0, tokens, 0, tokens.length);
    LlamaCpp.Batch.ByValue batch = new LlamaCpp.Batch.ByValue();
    batch.tokens = tokens.length;
    batch.ids = Pointer.nativeValue(ids);
    int status = LlamaCpp.llama_decode(context, batch);
    if (status != 0) {
      throw new DeviceFailure("llama_decode ended with status " + status, null);
    }
    length = start + tokens.length;
    Pointer row = LlamaCpp.llama_get_logits_ith(context, -1);
    logits.bytes().put(row.getByteBuffer(0, logits.bytes().remaining()));
  }

  private void forgetFrom(int start) {
    if (start == length) {
      return;
    }
    Pointer own = new Pointer(context);
    Optional<Function> remove = function("llama_memory_seq_rm");
    if (remove.isPresent()) {
      Pointer memory = function("llama_get_memory").orElseThrow().invokePointer(new Object[] {own});
      remove.get().invokeInt(new Object[] {memory, 0, start, -1});
    } else {
      function("llama_kv_self_seq_rm").orElseThrow().invokeInt(new Object[] {own, 0, start, -1});
    }
    length = start;
  }

  private Optional<Function> function(String name) {
    try {
      return Optional.of(library.library().getFunction(name));
    } catch (UnsatisfiedLinkError e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    if (context != 0) {
      LlamaCpp.llama_free(context);
      context = 0;
    }
    if (model != 0) {
      LlamaCpp.llama_model_free(model);
      model = 0;
    }
    if (pool != 0) {
      Pointer freed = new Pointer(pool);
      library
          .deviceFunction("ggml_threadpool_free")
          .ifPresent(free -> free.invokeVoid(new Object[] {freed}));
      pool = 0;
    }
    ids.close();
  }
}
