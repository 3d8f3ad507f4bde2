package dev.brigade.engine.mlx.binding;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The names of modes, as C strings that are never freed. */
final class Words {
  // Holds the memory.
  private final List<Memory> all = new ArrayList<>();
  private final long empty = word("");
  private final long causal = word("causal");
  private final long array = word("array");
  private final Map<Grouped.Mode, Long> modes = new EnumMap<>(Grouped.Mode.class);

  Words() {
    for (Grouped.Mode mode : Grouped.Mode.values()) {
      modes.put(mode, word(mode.name().toLowerCase(Locale.ROOT)));
    }
  }

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

  long of(Grouped.Mode mode) {
    return modes.get(mode);
  }
}
