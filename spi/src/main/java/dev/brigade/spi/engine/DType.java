package dev.brigade.spi.engine;

/** Element types that cross the SPI. Always little-endian. */
public enum DType {
  F32(4),
  F16(2),
  BF16(2),
  I32(4);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Size of one element in bytes. */
  public int bytes() {
    return bytes;
  }
}
