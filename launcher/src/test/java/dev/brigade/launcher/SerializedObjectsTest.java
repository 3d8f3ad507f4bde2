package dev.brigade.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In a process of its own, since a filter can be set once in a process. */
class SerializedObjectsTest {

  @Test
  void areReadNowhereInTheProcess() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder = new ProcessBuilder(java, SerializedObjectsTest.class.getName());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said.lines()).containsExactly("read", "refused");
  }

  /** Reads an object back before and after the filter is set. */
  public static void main(String[] arguments) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(List.of("anything"));
    System.out.println(reads(bytes.toByteArray()) ? "read" : "refused");
    Main.refuseSerializedObjects();
    System.out.println(reads(bytes.toByteArray()) ? "read" : "refused");
  }

  private static boolean reads(byte[] object) throws Exception {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(object))) {
      return in.readObject() != null;
    } catch (InvalidClassException e) {
      return false;
    }
  }
}
