package dev.brigade.model.gguf;

import dev.brigade.spi.engine.EngineException.BadModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a file says of its model under keys that begin with the name of the architecture.
 *
 * @param architecture {@code general.architecture}
 */
record GgufValues(GgufFile file, String architecture) {

  /** A value of any kind. */
  Optional<Object> value(String key) {
    return Optional.ofNullable(file.metadata().get(architecture + "." + key));
  }

  /** A whole number. */
  Optional<Long> number(String key) {
    return file.number(architecture + "." + key);
  }

  /** A whole number above 0 that must be there. */
  long required(String key) throws BadModel {
    return number(key)
        .filter(value -> value > 0)
        .orElseThrow(
            () ->
                new BadModel(
                    "%s: '%s.%s' is missing or not above 0"
                        .formatted(file.path(), architecture, key)));
  }

  /** Whether the file has a tensor. */
  boolean has(String tensor) {
    return file.tensors().containsKey(tensor);
  }

  /** A tensor that must be there. */
  GgufTensor tensor(String name) throws BadModel {
    GgufTensor tensor = file.tensors().get(name);
    if (tensor == null) {
      throw new BadModel("tensor '" + name + "' is missing from " + file.path());
    }
    return tensor;
  }

  /** The numbers of a small tensor that is really a setting. */
  List<Float> floats(String name) throws BadModel {
    GgufTensor tensor = tensor(name);
    if (tensor.type() != GgufType.F32 || tensor.elements() > 1 << 16) {
      throw new BadModel(
          "%s: tensor '%s' is %s%s, want a few F32"
              .formatted(file.path(), name, tensor.type(), tensor.shape()));
    }
    try {
      ByteBuffer bytes = tensor.stored().bytes().slice(0, tensor.elements() * Float.BYTES);
      List<Float> values = new ArrayList<>();
      while (bytes.hasRemaining()) {
        values.add(bytes.getFloat());
      }
      return values;
    } catch (IOException e) {
      throw new BadModel(file.path() + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Elements of a head's query or key. */
  long headWidth() throws BadModel {
    Optional<Long> stated = number("attention.key_length");
    return stated.isPresent()
        ? stated.get()
        : required("embedding_length") / Math.max(1, required("attention.head_count"));
  }
}
