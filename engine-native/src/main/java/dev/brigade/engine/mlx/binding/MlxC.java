package dev.brigade.engine.mlx.binding;

import com.sun.jna.Callback;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The functions of mlx-c 0.6 (MLX 0.31) that are used, by their C names.
 *
 * <p>How C types are spelled here: {@code mlx_array}, {@code mlx_stream} and their kin are structs
 * of one pointer, which the calling conventions of x86-64 and arm64 pass and return like the
 * pointer itself: {@code long}. So are pointers and {@code size_t}. {@code mlx_optional_int} and
 * {@code mlx_optional_float} are eight bytes, the value in the lower four and whether it is there
 * in the fifth: {@code long} as well, see {@link #optional}. {@code bool} is a {@code byte}, since
 * Apple packs arguments on the stack. Functions that return {@code int} return 0 if they succeeded.
 */
final class MlxC {
  private MlxC() {}

  /** Connects the functions; throws {@link UnsatisfiedLinkError} if one is missing. */
  static void bind(NativeLibrary library) {
    Native.register(MlxC.class, library);
  }

  /** An {@code mlx_optional_int} that is there. */
  static long optional(int value) {
    return 1L << 32 | value & 0xffffffffL;
  }

  /** An {@code mlx_optional_…} that is not there. */
  static long none() {
    return 0;
  }

  /** {@code mlx_error_handler_func}: must not throw. */
  interface ErrorHandler extends Callback {
    void failed(String message, com.sun.jna.Pointer data);
  }

  // ---- library, devices, memory ---------------------------------------------------------------

  static native void mlx_set_error_handler(ErrorHandler handler, long data, long destructor);

  static native int mlx_version(long string);

  static native long mlx_string_data(long string);

  static native int mlx_string_free(long string);

  static native int mlx_device_count(long count, int type);

  static native long mlx_device_new_type(int type, int index);

  static native int mlx_device_free(long device);

  static native int mlx_set_default_device(long device);

  static native int mlx_device_info_get(long info, long device);

  static native int mlx_device_info_has_key(long exists, long info, String key);

  static native int mlx_device_info_get_string(long value, long info, String key);

  static native int mlx_device_info_get_size(long value, long info, String key);

  static native int mlx_device_info_free(long info);

  static native long mlx_stream_new_device(long device);

  static native int mlx_get_active_memory(long bytes);

  static native int mlx_get_peak_memory(long bytes);

  static native int mlx_reset_peak_memory();

  static native int mlx_set_cache_limit(long before, long limit);

  static native int mlx_set_wired_limit(long before, long limit);

  static native int mlx_clear_cache();

  // ---- arrays ---------------------------------------------------------------------------------

  static native long mlx_array_new_data(long data, long shape, int dimensions, int type);

  static native long mlx_array_new_float32(float value);

  static native int mlx_array_free(long array);

  static native long mlx_array_nbytes(long array);

  static native long mlx_array_ndim(long array);

  static native int mlx_array_dim(long array, int dimension);

  static native long mlx_array_data_uint8(long array);

  static native long mlx_vector_array_new_data(long arrays, long size);

  static native int mlx_vector_array_get(long result, long vector, long index);

  static native int mlx_vector_array_free(long vector);

  static native int mlx_eval(long vector);

  // ---- operations -----------------------------------------------------------------------------

  static native int mlx_add(long result, long a, long b, long stream);

  static native int mlx_multiply(long result, long a, long b, long stream);

  static native int mlx_divide(long result, long a, long b, long stream);

  static native int mlx_floor_divide(long result, long a, long b, long stream);

  static native int mlx_negative(long result, long a, long stream);

  static native int mlx_sigmoid(long result, long a, long stream);

  static native int mlx_tanh(long result, long a, long stream);

  static native int mlx_clip(long result, long a, long low, long high, long stream);

  static native int mlx_equal(long result, long a, long b, long stream);

  static native int mlx_less_equal(long result, long a, long b, long stream);

  static native int mlx_logical_and(long result, long a, long b, long stream);

  static native int mlx_where(long result, long condition, long a, long b, long stream);

  static native int mlx_softmax_axis(long result, long a, int axis, byte precise, long stream);

  static native int mlx_sum_axis(long result, long a, int axis, byte keep, long stream);

  static native int mlx_argsort_axis(long result, long a, int axis, long stream);

  static native int mlx_matmul(long result, long a, long b, long stream);

  static native int mlx_addmm(
      long result, long c, long a, long b, float alpha, float beta, long stream);

  static native int mlx_gather_mm(
      long result, long a, long b, long left, long right, byte sorted, long stream);

  static native int mlx_quantize(
      long vector, long w, long groupSize, long bits, long mode, long globalScale, long stream);

  static native int mlx_dequantize(
      long result,
      long w,
      long scales,
      long biases,
      long groupSize,
      long bits,
      long mode,
      long globalScale,
      long type,
      long stream);

  static native int mlx_quantized_matmul(
      long result,
      long x,
      long w,
      long scales,
      long biases,
      byte transpose,
      long groupSize,
      long bits,
      long mode,
      long stream);

  static native int mlx_gather_qmm(
      long result,
      long x,
      long w,
      long scales,
      long biases,
      long left,
      long right,
      byte transpose,
      long groupSize,
      long bits,
      long mode,
      byte sorted,
      long stream);

  static native int mlx_astype(long result, long a, int type, long stream);

  static native int mlx_reshape(long result, long a, long shape, long size, long stream);

  static native int mlx_broadcast_to(long result, long a, long shape, long size, long stream);

  static native int mlx_zeros(long result, long shape, long size, int type, long stream);

  static native int mlx_arange(
      long result, double start, double stop, double step, int type, long stream);

  static native int mlx_transpose_axes(long result, long a, long axes, long size, long stream);

  static native int mlx_contiguous(long result, long a, byte columnMajor, long stream);

  static native int mlx_slice(
      long result,
      long a,
      long start,
      long starts,
      long stop,
      long stops,
      long strides,
      long stridesSize,
      long stream);

  static native int mlx_slice_update(
      long result,
      long a,
      long update,
      long start,
      long starts,
      long stop,
      long stops,
      long strides,
      long stridesSize,
      long stream);

  static native int mlx_concatenate_axis(long result, long vector, int axis, long stream);

  static native int mlx_take_axis(long result, long a, long indices, int axis, long stream);

  static native int mlx_take_along_axis(long result, long a, long indices, int axis, long stream);

  static native int mlx_put_along_axis(
      long result, long a, long indices, long values, int axis, long stream);

  static native int mlx_fast_rms_norm(long result, long x, long weight, float epsilon, long stream);

  static native int mlx_fast_rope_dynamic(
      long result,
      long x,
      int dimensions,
      byte traditional,
      long base,
      float scale,
      long offset,
      long periods,
      long stream);

  static native int mlx_fast_scaled_dot_product_attention(
      long result,
      long queries,
      long keys,
      long values,
      float scale,
      long maskMode,
      long mask,
      long sinks,
      long stream);
}
