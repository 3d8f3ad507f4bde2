package dev.brigade.engine.onnx;

import java.util.Optional;

/**
 * Settings of the engine {@code onnx}.
 *
 * @param provider what computes: {@code auto} (the default), {@code cpu}, {@code cuda}, {@code
 *     coreml}, {@code directml}, {@code openvino}, {@code webgpu} or another execution provider
 *     that the installed ONNX Runtime has; {@code auto} is {@code cuda} where there is one, else
 *     {@code cpu}
 * @param threads threads that share the work of one operation on the CPU; by default the number of
 *     cores
 * @param spinning whether these threads wait for work in a loop, which is a little faster and takes
 *     their cores from everyone else; by default not
 * @param chunkRows most rows that one native call computes; between calls, a pass can be cancelled.
 *     By default 256
 * @param memoryBytes most memory that weights and KV caches may take; by default what is free
 */
public record OnnxEngineConfig(
    Optional<String> provider,
    Optional<Integer> threads,
    Optional<Boolean> spinning,
    Optional<Integer> chunkRows,
    Optional<Long> memoryBytes) {
  public OnnxEngineConfig {
    threads.ifPresent(count -> requireWithin("threads", count, 1, 1024));
    chunkRows.ifPresent(rows -> requireWithin("chunk-rows", rows, 1, 65_536));
    memoryBytes.ifPresent(bytes -> requireWithin("memory-bytes", bytes, 1, Long.MAX_VALUE));
  }

  private static void requireWithin(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(key + " " + value + ": want " + least + " to " + most);
    }
  }

  /** Everything by default. */
  public static OnnxEngineConfig defaults() {
    return new OnnxEngineConfig(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
