package dev.brigade.spi.engine;

import java.util.Locale;

/**
 * How an engine stores and computes a model's weights, by name, since plugins bring their own
 * ({@code q4_0}, {@code int4}…). {@link EngineProfile#precisions()} lists what an engine has.
 *
 * @param name lower case, as a user writes it after {@code --dtype}
 */
public record Precision(String name) {
  public static final Precision F32 = new Precision("f32");
  public static final Precision F16 = new Precision("f16");
  public static final Precision BF16 = new Precision("bf16");

  public Precision {
    if (!name.matches("[a-z0-9_]{1,32}")) {
      throw new IllegalArgumentException(
          "precision '" + name + "': want lower-case letters, digits and _, such as f32 or int4");
    }
  }

  /** Reads a precision as a person writes it; {@code float32}, {@code FP16} and such are known. */
  public static Precision parse(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "float32", "fp32", "float" -> F32;
      case "float16", "fp16", "half" -> F16;
      case "bfloat16" -> BF16;
      default -> new Precision(name);
    };
  }

  @Override
  public String toString() {
    return name;
  }
}
