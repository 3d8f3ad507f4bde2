package dev.brigade.engine.ggml.binding;

import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;

/**
 * Functions of {@code ggml.h}, {@code ggml-alloc.h} and {@code ggml-backend.h} that all supported
 * versions have, mapped directly. Pointers are {@code long}s, which JNA passes fastest; C's {@code
 * bool} comes back as a byte, since only that byte of the result is defined.
 *
 * <p>ggml answers a wrong argument with {@code abort()}, which ends the process: nothing is called
 * here that has not been checked.
 */
final class Ggml {
  /** Rotates columns 2i and 2i+1. */
  static final int ROPE_INTERLEAVED = 0;

  /** Rotates columns i and i+n. */
  static final int ROPE_HALVES = 2;

  /** {@code GGML_STATUS_SUCCESS}. */
  static final int SUCCESS = 0;

  /** {@code GGML_STATUS_ABORTED}. */
  static final int ABORTED = 1;

  /** {@code GGML_STATUS_ALLOC_FAILED}. */
  static final int ALLOCATION_FAILED = -2;

  private Ggml() {}

  /** {@code struct ggml_init_params}. */
  @FieldOrder({"bytes", "memory", "noAlloc"})
  public static class InitParams extends Structure {
    public long bytes;
    public long memory;
    public byte noAlloc;

    /** Passed by value. */
    public static final class ByValue extends InitParams implements Structure.ByValue {}
  }

  // ---- contexts, graphs, memory ---------------------------------------------------------------

  static native long ggml_init(InitParams.ByValue params);

  static native void ggml_free(long context);

  static native void ggml_reset(long context);

  static native long ggml_tensor_overhead();

  static native long ggml_graph_overhead_custom(long nodes, byte gradients);

  static native long ggml_new_graph_custom(long context, long nodes, byte gradients);

  static native void ggml_build_forward_expand(long graph, long tensor);

  static native long ggml_gallocr_new(long bufferType);

  static native void ggml_gallocr_free(long allocator);

  static native byte ggml_gallocr_alloc_graph(long allocator, long graph);

  static native long ggml_gallocr_get_buffer_size(long allocator, int buffer);

  static native long ggml_backend_alloc_ctx_tensors_from_buft(long context, long bufferType);

  static native long ggml_backend_buft_get_alignment(long bufferType);

  static native long ggml_backend_dev_buffer_from_host_ptr(
      long device, long address, long bytes, long largestTensor);

  static native int ggml_backend_tensor_alloc(long buffer, long tensor, long address);

  static native void ggml_backend_buffer_free(long buffer);

  static native long ggml_backend_buffer_get_size(long buffer);

  static native void ggml_backend_buffer_clear(long buffer, byte value);

  static native void ggml_backend_buffer_set_usage(long buffer, int usage);

  static native void ggml_backend_tensor_set(long tensor, long source, long offset, long size);

  static native void ggml_backend_tensor_get(long tensor, long target, long offset, long size);

  // ---- devices --------------------------------------------------------------------------------

  static native String ggml_backend_dev_name(long device);

  static native int ggml_backend_dev_type(long device);

  static native void ggml_backend_dev_memory(long device, long free, long total);

  static native String ggml_backend_reg_name(long registry);

  /** Older versions have no {@code offload}, and do not look at it. */
  static native long ggml_backend_sched_new(
      long backends, long bufferTypes, int count, long nodes, byte parallel, byte offload);

  static native void ggml_backend_sched_free(long scheduler);

  static native void ggml_backend_sched_reset(long scheduler);

  static native byte ggml_backend_sched_alloc_graph(long scheduler, long graph);

  static native int ggml_backend_sched_graph_compute(long scheduler, long graph);

  static native long ggml_backend_sched_get_buffer_size(long scheduler, long backend);

  static native String ggml_backend_dev_description(long device);

  static native long ggml_backend_dev_backend_reg(long device);

  static native long ggml_backend_dev_init(long device, String parameters);

  static native long ggml_backend_dev_buffer_type(long device);

  static native byte ggml_backend_dev_supports_op(long device, long tensor);

  static native String ggml_backend_buft_name(long bufferType);

  static native long ggml_backend_reg_get_proc_address(long registry, String name);

  static native void ggml_backend_free(long backend);

  static native int ggml_backend_graph_compute(long backend, long graph);

  static native void ggml_threadpool_params_init(long params, int threads);

  // ---- tensors --------------------------------------------------------------------------------

  static native long ggml_new_tensor_1d(long context, int type, long ne0);

  static native long ggml_new_tensor_2d(long context, int type, long ne0, long ne1);

  static native long ggml_new_tensor_3d(long context, int type, long ne0, long ne1, long ne2);

  static native void ggml_set_input(long tensor);

  static native void ggml_set_output(long tensor);

  static native long ggml_nbytes(long tensor);

  static native long ggml_row_size(int type, long ne0);

  static native long ggml_blck_size(int type);

  static native void ggml_fp16_to_fp32_row(long source, long target, long count);

  static native void ggml_fp32_to_fp16_row(long source, long target, long count);

  static native long ggml_quantize_chunk(
      int type, long source, long target, long start, long rows, long rowWidth, long importance);

  // ---- operations -----------------------------------------------------------------------------

  static native long ggml_reshape_2d(long context, long a, long ne0, long ne1);

  static native long ggml_reshape_3d(long context, long a, long ne0, long ne1, long ne2);

  static native long ggml_view_1d(long context, long a, long ne0, long offset);

  static native long ggml_view_2d(
      long context, long a, long ne0, long ne1, long stride1, long offset);

  static native long ggml_view_3d(
      long context, long a, long ne0, long ne1, long ne2, long stride1, long stride2, long offset);

  static native long ggml_permute(long context, long a, int axis0, int axis1, int axis2, int axis3);

  static native long ggml_cont(long context, long a);

  static native long ggml_cpy(long context, long source, long target);

  static native long ggml_cast(long context, long a, int type);

  static native long ggml_concat(long context, long a, long b, int dimension);

  static native long ggml_repeat(long context, long a, long shape);

  static native long ggml_get_rows(long context, long a, long ids);

  static native long ggml_mul_mat(long context, long weight, long x);

  static native long ggml_mul_mat_id(long context, long weights, long x, long ids);

  static native long ggml_add(long context, long a, long b);

  static native long ggml_sub(long context, long a, long b);

  static native long ggml_mul(long context, long a, long b);

  static native long ggml_div(long context, long a, long b);

  static native long ggml_scale(long context, long a, float factor);

  static native long ggml_clamp(long context, long a, float low, float high);

  static native long ggml_silu(long context, long a);

  static native long ggml_gelu(long context, long a);

  static native long ggml_sigmoid(long context, long a);

  static native long ggml_tanh(long context, long a);

  static native long ggml_step(long context, long a);

  static native long ggml_log(long context, long a);

  static native long ggml_sum_rows(long context, long a);

  static native long ggml_argsort(long context, long a, int order);

  static native long ggml_rms_norm(long context, long a, float epsilon);

  static native long ggml_soft_max(long context, long a);

  static native long ggml_soft_max_ext(long context, long a, long mask, float scale, float maxBias);

  static native long ggml_rope_ext(
      long context,
      long a,
      long positions,
      long divisors,
      int columns,
      int mode,
      int originalContext,
      float base,
      float scale,
      float extrapolation,
      float magnitude,
      float betaFast,
      float betaSlow);

  static native long ggml_flash_attn_ext(
      long context, long q, long k, long v, long mask, float scale, float maxBias, float softcap);
}
