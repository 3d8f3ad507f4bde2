package dev.brigade.testkit.reference;

import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.SafetensorsCheckpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.Tensor;
import dev.brigade.testkit.golden.GoldenModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The weights of a golden model in f32, to be stored under other names or in another form. */
final class Rewritten {
  private final Path folder;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private Rewritten(Path folder) {
    this.folder = folder;
  }

  /** A copy of a model whose tensors have these shapes. */
  static Rewritten of(GoldenModel model, Map<String, List<Long>> shapes) throws BadModel {
    Rewritten rewritten = new Rewritten(model.copy());
    try (Checkpoint checkpoint = SafetensorsCheckpoint.open(model.folder())) {
      for (String name : checkpoint.names()) {
        Weight weight = new Weight.Named(name, shapes.get(name));
        Tensor tensor = checkpoint.read(weight, DType.F32);
        ByteBuffer copy =
            ByteBuffer.allocate(tensor.bytes().remaining()).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(tensor.bytes()).flip();
        rewritten.tensors.put(name, new Tensor(DType.F32, tensor.shape(), copy));
      }
    }
    return rewritten;
  }

  /** Adds a tensor of zeros. */
  Rewritten add(String name, long... shape) {
    tensors.put(name, Tensor.allocate(DType.F32, shape));
    return this;
  }

  Rewritten rename(String name, String newName) {
    tensors.put(newName, tensors.remove(name));
    return this;
  }

  /** Puts tensors one after the other into a new one, which replaces them. */
  Rewritten fuse(List<String> names, String fused, long... shape) {
    List<Tensor> parts = new ArrayList<>();
    names.forEach(name -> parts.add(tensors.get(name)));
    names.forEach(tensors::remove);
    Tensor whole = Tensor.allocate(DType.F32, shape);
    ByteBuffer target = whole.bytes();
    parts.forEach(part -> target.put(part.bytes()));
    tensors.put(fused, whole);
    return this;
  }

  /** Writes the file and gives the model's folder. */
  Path write() {
    StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
    int size = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      int bytes = entry.getValue().bytes().remaining();
      header.append(
          ",\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
              .formatted(entry.getKey(), entry.getValue().shape(), size, size + bytes));
      size += bytes;
    }
    byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + json.length + size).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json);
    tensors.values().forEach(tensor -> file.put(tensor.bytes()));
    try {
      Files.write(folder.resolve("model.safetensors"), file.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }
}
