package dev.brigade.launcher.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report as lines for a person. */
public final class PlanTable {
  private static final String ROW = "  %-16s %-10s %-9s %-9s %-22s %12s %12s";

  private PlanTable() {}

  /** The lines. */
  public static List<String> of(PlanReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(
        text(
            "%s, %d layers, %d tokens of context, for %s by %s, on %s",
            report.model(),
            report.layers(),
            report.context(),
            report.goal(),
            report.strategy(),
            report.nodes()));
    if (report.plan() == null) {
      lines.add("no plan fits:");
      report.missing().forEach(sum -> lines.add("  " + sum));
    } else {
      stages(report, lines);
    }
    lines.add("why:");
    report.why().forEach(why -> lines.add(text("  %-16s %s", why.node(), why.reason())));
    return lines;
  }

  private static void stages(PlanReport report, List<String> lines) {
    int count = report.stages().size();
    String stages = count == 1 ? "1 stage" : count + " stages";
    lines.add(
        report.msPerToken() == null
            ? text("plan %s: %s", report.plan(), stages)
            : text(
                "plan %s: %s, predicted %.2f ms per token: %.1f tokens/s for one stream, %.1f for"
                    + " many",
                report.plan(),
                stages,
                report.msPerToken(),
                report.tokensPerS(),
                report.throughputTokensPerS()));
    lines.add(text(ROW, "NODE", "ENGINE", "LAYERS", "IN", "MEMORY", "COMPUTE", "HAND ON"));
    for (PlanReport.Part part : report.stages()) {
      lines.add(
          text(
              ROW,
              part.node(),
              part.engine(),
              part.layers().get(0) + ".." + (part.layers().get(1) - 1),
              part.precision(),
              size(part.memoryBytes()) + " of " + size(part.mayUseBytes()),
              millis(part.computeMs()) + (part.rateMeasured() ? "" : "?"),
              millis(part.handOnMs())));
    }
    if (report.stages().stream().anyMatch(part -> !part.rateMeasured())) {
      lines.add("  ? by an assumed rate: nothing has been measured there yet");
    }
  }

  private static String millis(Double millis) {
    return millis == null ? "-" : text("%.2f ms", millis);
  }

  private static String size(long bytes) {
    return bytes >= 1L << 30
        ? text("%.1f GiB", bytes / (double) (1L << 30))
        : text("%.1f MiB", bytes / (double) (1L << 20));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
