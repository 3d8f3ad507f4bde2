package dev.brigade.engine.onnx.graph;

/** Element types of tensors, with their numbers in {@code TensorProto.DataType}. */
public enum ElementType {
  F32(1, 4),
  U8(2, 1),
  I32(6, 4),
  I64(7, 8),
  BOOL(9, 1);

  private final int code;
  private final int bytes;

  ElementType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** Its number in the format. */
  public int code() {
    return code;
  }

  /** Size of one element in bytes. */
  public int bytes() {
    return bytes;
  }
}
