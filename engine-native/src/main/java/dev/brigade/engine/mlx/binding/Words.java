package dev.brigade.engine.mlx.binding;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;

/** The names of modes, as C strings that are never freed. */
final class Words {
  // Holds the memory.
  private final List<Memory> all = new ArrayList<>();
  private final long empty = word("");
  private final long causal = word("causal");
  private final long array = word("array");
  private final long affine = word("affine");

  private long word(String text) {
    Memory memory = new Memory(text.length() + 1L);
    memory.setString(0, text);
    all.add(memory);
    return Pointer.nativeValue(memory);
  }

  long empty() {
    return empty;
  }

  long causal() {
    return causal;
  }

  long array() {
    return array;
  }

  long affine() {
    return affine;
  }
}
