package dev.brigade.launcher.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command writes.
 *
 * @param out results, and nothing else
 * @param err everything else
 * @param terminal whether {@code err} is a terminal, on which a line can be rewritten
 */
public record Console(PrintStream out, PrintStream err, boolean terminal) {

  /**
   * Takes this process's streams, in UTF-8. Whatever a library prints on {@link System#out} goes to
   * stderr from here on, so that stdout has results only.
   */
  public static Console ofThisProcess() {
    PrintStream out = stream(FileDescriptor.out);
    PrintStream err = stream(FileDescriptor.err);
    System.setOut(err);
    System.setErr(err);
    return new Console(out, err, Boolean.getBoolean("brigade.terminal"));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
