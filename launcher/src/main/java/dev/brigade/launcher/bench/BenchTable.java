package dev.brigade.launcher.bench;

import dev.brigade.launcher.console.ProgressLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A report as lines for a terminal. */
public final class BenchTable {
  private BenchTable() {}

  /** What was measured, and with what. */
  public static List<String> of(BenchReport report) {
    List<String> lines = new ArrayList<>();
    BenchSettings settings = report.settings();
    lines.add(
        format(
            "%s: %d layers of %d, %.0f million parameters; %s, %d cores",
            report.modelName(),
            report.model().layers(),
            report.model().width(),
            report.model().parameters() / 1e6,
            report.machine().processor(),
            report.machine().cores()));
    lines.add(
        format(
            "%d rounds of prefill %d and decode %d; medians, ± half of the range",
            settings.repeats(), settings.prefill(), settings.decode()));
    lines.add("");
    lines.add(
        format(
            "%-10s %-9s %8s %10s %17s %17s %20s",
            "engine",
            "precision",
            "load",
            "weights",
            "prefill tok/s",
            "decode tok/s",
            settings.sequences() > 1 ? settings.sequences() + " at once tok/s" : ""));
    for (EngineOutcome outcome : report.outcomes()) {
      if (outcome instanceof EngineOutcome.Failed failed) {
        lines.add(
            format("%-10s %-9s %s", failed.engine(), failed.precision().name(), failed.reason()));
      } else if (outcome instanceof EngineOutcome.Measured measured) {
        lines.addAll(lines(measured));
      }
    }
    return lines;
  }

  private static List<String> lines(EngineOutcome.Measured measured) {
    List<String> lines = new ArrayList<>();
    lines.add(
        format(
            "%-10s %-9s %7.1fs %10s %17s %17s %20s",
            measured.engine(),
            measured.precision().name(),
            measured.load().toMillis() / 1e3,
            ProgressLine.bytes(measured.memory().weights()),
            rate(measured.own().prefill()),
            rate(measured.own().decode()),
            measured.together().map(BenchTable::together).orElse("")));
    BenchReport.against(measured)
        .ifPresent(
            against -> {
              SideResult own = measured.own();
              SideResult hand = against.hand();
              lines.add(
                  format(
                      "  %-37s %17s %17s",
                      against.description(), rate(hand.prefill()), rate(hand.decode())));
              lines.add(
                  format(
                      "  %-37s %17s %17s",
                      "ratio (least and most of a round)",
                      ratio(own.prefill().ratio(hand.prefill())),
                      ratio(own.decode().ratio(hand.decode()))));
              lines.add(
                  format(
                      "  %-37s %17s %17s   logits agree to %.5f",
                      "ratio by processor time",
                      optional(own.prefill().processorRatio(hand.prefill())),
                      optional(own.decode().processorRatio(hand.decode())),
                      against.agreement()));
            });
    measured
        .nativeShare()
        .ifPresent(
            part ->
                lines.add(
                    format(
                        "  %.2f %% of a decode step is outside of native computing",
                        100 * (1 - part))));
    BenchReport.reason(measured).ifPresent(reason -> lines.add("  no baseline: " + reason));
    return lines;
  }

  private static String together(EngineOutcome.Together together) {
    return rate(together.decode()) + format(" ×%.1f", together.factor());
  }

  static String rate(Timing timing) {
    Spread spread = timing.tokensPerSecond();
    return format("%s ±%.0f%%", number(spread.median()), 100 * spread.relative());
  }

  static String ratio(Spread ratio) {
    return format("%.2f (%.2f–%.2f)", ratio.median(), ratio.least(), ratio.most());
  }

  /** Three digits that matter. */
  static String number(double value) {
    return format(value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }

  private static String optional(OptionalDouble ratio) {
    return ratio.isPresent() ? format("%.2f", ratio.getAsDouble()) : "-";
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
