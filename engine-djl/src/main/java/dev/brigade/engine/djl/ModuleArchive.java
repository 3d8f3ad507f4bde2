package dev.brigade.engine.djl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs TorchScript source text into the archive that {@code torch::jit::load} reads, without
 * Python: a zip of stored entries with a pickle that says which class the module is and how its
 * attributes start, no constants, the format version, and the text.
 *
 * <p>Format: PyTorch, {@code torch/csrc/jit/docs/serialization.md}.
 */
final class ModuleArchive {
  /** Name of the module's class within the text. */
  static final String CLASS_NAME = "Brigade";

  private static final String MODULE = "__torch__";
  private static final String FORMAT_VERSION = "10\n";

  private ModuleArchive() {}

  /** How an attribute starts, as pickle opcodes. */
  enum Initial {
    EMPTY_TENSOR_LIST("ctorch.jit._pickle\nbuild_tensorlist\n]\u0085R"),
    EMPTY_DICT("}");

    private final String pickle;

    Initial(String pickle) {
      this.pickle = pickle;
    }
  }

  /**
   * The archive's bytes.
   *
   * @param source text that declares the class {@value #CLASS_NAME}
   * @param attributes its attributes by name
   */
  static byte[] of(String source, Map<String, Initial> attributes) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("data.pkl", pickle(attributes));
    entries.put("code/" + MODULE + ".py", source.getBytes(StandardCharsets.UTF_8));
    entries.put("constants.pkl", latin1("\u0080\u0002)."));
    entries.put("version", latin1(FORMAT_VERSION));
    return zip(entries);
  }

  /** Protocol 2: a new object of the class, then its attributes as a dictionary. */
  private static byte[] pickle(Map<String, Initial> attributes) {
    StringBuilder out =
        new StringBuilder("\u0080\u0002c" + MODULE + "\n" + CLASS_NAME + "\n)\u0081}(");
    attributes.forEach((name, initial) -> out.append(string(name)).append(initial.pickle));
    return latin1(out.append("ub.").toString());
  }

  /** BINUNICODE: a four-byte little-endian length and the text, ASCII here. */
  private static String string(String text) {
    return "X" + (char) text.length() + "\0\0\0" + text;
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] zip(Map<String, byte[]> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> file : entries.entrySet()) {
        CRC32 crc = new CRC32();
        crc.update(file.getValue());
        ZipEntry entry = new ZipEntry("brigade/" + file.getKey());
        entry.setSize(file.getValue().length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(file.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }
}
