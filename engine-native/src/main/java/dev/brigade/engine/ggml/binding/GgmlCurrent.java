package dev.brigade.engine.ggml.binding;

/** Functions that ggml has since the summer of 2025; an older version is used without them. */
final class GgmlCurrent {
  private GgmlCurrent() {}

  static native String ggml_version();

  static native long ggml_set_rows(long context, long target, long rows, long indices);

  static native long ggml_swiglu_split(long context, long gate, long up);

  static native long ggml_geglu_split(long context, long gate, long up);

  static native long ggml_swiglu_oai(long context, long gate, long up, float alpha, float limit);

  static native long ggml_add_id(long context, long a, long biases, long ids);

  static native void ggml_flash_attn_ext_add_sinks(long attention, long sinks);
}
