package dev.brigade.launcher.bench;

import dev.brigade.launcher.console.ProgressLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A report as one HTML page that needs nothing else: no scripts, no fonts, no network. It is well
 * formed as XML, too.
 */
public final class BenchPage {
  private static final String STYLE = "page.css";

  private final BenchReport report;
  private final StringBuilder page = new StringBuilder();

  private BenchPage(BenchReport report) {
    this.report = report;
  }

  /** The page. */
  public static String of(BenchReport report) {
    return new BenchPage(report).write();
  }

  private String write() {
    page.append("<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'/>\n")
        .append("<meta name='viewport' content='width=device-width, initial-scale=1'/>\n")
        .append("<title>Brigade: engines on ")
        .append(Markup.escaped(report.modelName()))
        .append("</title>\n<style>\n")
        .append(style())
        .append("</style>\n</head>\n<body>\n");
    heading();
    BenchSettings settings = report.settings();
    rates("Prefill", settings.prefill() + " tokens of one prompt, per second", SideResult::prefill);
    rates("Decode", "one sequence, tokens per second", SideResult::decode);
    ratios();
    together();
    table();
    failures();
    return page.append("</body>\n</html>\n").toString();
  }

  private static String style() {
    try (InputStream in = BenchPage.class.getResourceAsStream(STYLE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + STYLE, e);
    }
  }

  private void heading() {
    BenchMachine machine = report.machine();
    page.append("<h1>Engines on ").append(Markup.escaped(report.modelName())).append("</h1>\n");
    paragraph(
        "%d layers of width %d, %.0f million parameters, %d tokens in the vocabulary."
            .formatted(
                report.model().layers(),
                report.model().width(),
                report.model().parameters() / 1e6,
                report.model().vocabulary()));
    paragraph(
        "%s, %d cores, %s, %s, Java %s; %s."
            .formatted(
                machine.processor(),
                machine.cores(),
                ProgressLine.bytes(machine.memoryBytes()),
                machine.system(),
                machine.java(),
                report.time().toString()));
    paragraph(
        ("Each bar is the median of %d rounds, its whisker the range. Both sides of a comparison"
                + " take turns in one process.")
            .formatted(report.settings().repeats()));
  }

  private void rates(String title, String caption, Function<SideResult, Timing> of) {
    List<BarChart.Group> groups = new ArrayList<>();
    for (EngineOutcome.Measured measured : report.measured()) {
      List<BarChart.Bar> bars = new ArrayList<>();
      bars.add(bar("engine", of.apply(measured.own())));
      BenchReport.against(measured)
          .ifPresent(against -> bars.add(bar("hand", of.apply(against.hand()))));
      groups.add(new BarChart.Group(name(measured), bars));
    }
    figure(
        title,
        Markup.escaped(caption)
            + "<b class='key engine'></b>engine<b class='key hand'></b>the same work by hand",
        BarChart.of(title + ", tokens per second", groups));
  }

  private static BarChart.Bar bar(String style, Timing timing) {
    Spread spread = timing.tokensPerSecond();
    return new BarChart.Bar(style, spread, BenchTable.number(spread.median()));
  }

  private void ratios() {
    List<RatioChart.Row> rows = new ArrayList<>();
    for (EngineOutcome.Measured measured : report.measured()) {
      BenchReport.against(measured)
          .ifPresent(
              against -> {
                SideResult own = measured.own();
                SideResult hand = against.hand();
                String name = name(measured);
                rows.add(
                    new RatioChart.Row(name + " prefill", own.prefill().ratio(hand.prefill())));
                rows.add(new RatioChart.Row(name + " decode", own.decode().ratio(hand.decode())));
              });
    }
    if (!rows.isEmpty()) {
      figure(
          "Engine against hand",
          "speed of the engine over that of the same work by hand, with the range of the rounds",
          RatioChart.of("ratios", rows));
    }
  }

  private void together() {
    List<BarChart.Group> groups = new ArrayList<>();
    for (EngineOutcome.Measured measured : report.measured()) {
      measured
          .together()
          .ifPresent(
              together -> {
                BarChart.Bar many = bar("many", together.decode());
                String label =
                    String.format(Locale.ROOT, "%s (×%.1f)", many.label(), together.factor());
                groups.add(
                    new BarChart.Group(
                        name(measured),
                        List.of(
                            bar("engine", measured.own().decode()),
                            new BarChart.Bar("many", many.value(), label))));
              });
    }
    if (!groups.isEmpty()) {
      figure(
          report.settings().sequences() + " sequences together",
          "decoding, tokens per second of all of them"
              + "<b class='key engine'></b>one alone<b class='key many'></b>together",
          BarChart.of("sequences together", groups));
    }
  }

  private void table() {
    page.append("<h2>Figures</h2>\n<div class='wide'><table>\n<tr>");
    for (String head :
        List.of("", "load", "weights", "prefill tok/s", "decode tok/s", "held against", "ratios")) {
      page.append("<th>").append(head).append("</th>");
    }
    page.append("</tr>\n");
    for (EngineOutcome.Measured measured : report.measured()) {
      page.append("<tr>");
      cell(name(measured));
      cell(String.format(Locale.ROOT, "%.1f s", measured.load().toMillis() / 1e3));
      cell(ProgressLine.bytes(measured.memory().weights()));
      cell(BenchTable.rate(measured.own().prefill()));
      cell(BenchTable.rate(measured.own().decode()));
      cell(
          BenchReport.against(measured)
              .map(EngineOutcome.Against::description)
              .or(() -> BenchReport.reason(measured))
              .orElse("–"));
      cell(BenchReport.against(measured).map(against -> ratios(measured, against)).orElse("–"));
      page.append("</tr>\n");
    }
    page.append("</table></div>\n");
  }

  private static String ratios(EngineOutcome.Measured measured, EngineOutcome.Against against) {
    return String.format(
        Locale.ROOT,
        "%.2f / %.2f",
        measured.own().prefill().ratio(against.hand().prefill()).median(),
        measured.own().decode().ratio(against.hand().decode()).median());
  }

  private void failures() {
    for (EngineOutcome.Failed failed : report.failed()) {
      paragraph(failed.engine() + " " + failed.precision() + " did not run: " + failed.reason());
    }
  }

  private static String name(EngineOutcome outcome) {
    return outcome.engine() + " " + outcome.precision();
  }

  private void figure(String title, String caption, String svg) {
    page.append("<h2>").append(Markup.escaped(title)).append("</h2>\n<figure style='margin:0'>\n");
    page.append("<figcaption>").append(caption).append("</figcaption>\n");
    page.append(svg).append("</figure>\n");
  }

  private void paragraph(String text) {
    page.append("<p>").append(Markup.escaped(text)).append("</p>\n");
  }

  private void cell(String text) {
    page.append("<td>").append(Markup.escaped(text)).append("</td>");
  }
}
