package dev.brigade.launcher.console;

import dev.brigade.spi.Progress;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Shows how far long work is, on one line that is rewritten and vanishes at the end; nothing at all
 * where there is no terminal. Safe for use by several threads.
 */
public final class ProgressLine implements Consumer<Progress>, AutoCloseable {
  private static final int BAR_WIDTH = 30;
  private static final String CLEAR_LINE = "\r\033[K";
  private final Console console;
  private String shown = "";

  public ProgressLine(Console console) {
    this.console = console;
  }

  @Override
  public synchronized void accept(Progress progress) {
    if (!console.terminal()) {
      return;
    }
    if (progress.total() > 0 && progress.done() == progress.total()) {
      close();
      return;
    }
    String line = line(progress);
    if (!line.equals(shown)) {
      shown = line;
      console.err().print(CLEAR_LINE + line);
      console.err().flush();
    }
  }

  /** Makes the line vanish. */
  @Override
  public synchronized void close() {
    if (!shown.isEmpty()) {
      shown = "";
      console.err().print(CLEAR_LINE);
      console.err().flush();
    }
  }

  static String line(Progress progress) {
    if (progress.total() == 0) {
      return progress.activity() + " …";
    }
    int filled = (int) (BAR_WIDTH * progress.done() / progress.total());
    String bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
    return String.format(
        Locale.ROOT,
        "%s %s %d%% of %s",
        progress.activity(),
        bar,
        100 * progress.done() / progress.total(),
        bytes(progress.total()));
  }

  /** A size as people say it: {@code 7.4 MiB}. */
  public static String bytes(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double amount = bytes;
    int unit = 0;
    while (amount >= 1024 && unit < units.length - 1) {
      amount /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", amount, units[unit]);
  }
}
