package dev.brigade.launcher.bench;

import java.util.List;
import java.util.Locale;

/**
 * Ratios as inline SVG: a point for the median and a line from the least round to the largest, on
 * both sides of 1.
 */
final class RatioChart {
  private static final int LABEL_WIDTH = 200;
  private static final int ROOM = 380;
  private static final int WIDTH = 720;
  private static final int ROW = 22;
  private static final int MARGIN = 26;
  private static final double LEAST_REACH = 0.2;
  private static final double MOST_REACH = 1;

  private final double reach;

  private RatioChart(double reach) {
    this.reach = reach;
  }

  /** One ratio. */
  record Row(String name, Spread ratio) {}

  /** The picture; points far from 1 lie at its edge, with their values beside them. */
  static String of(String title, List<Row> rows) {
    double reach = LEAST_REACH;
    for (Row row : rows) {
      reach = Math.max(reach, Math.abs(row.ratio().most() - 1));
      reach = Math.max(reach, Math.abs(row.ratio().least() - 1));
    }
    return new RatioChart(Math.min(MOST_REACH, reach * 1.1)).draw(title, rows);
  }

  private String draw(String title, List<Row> rows) {
    int height = MARGIN + rows.size() * ROW + 6;
    StringBuilder svg = new StringBuilder();
    svg.append(
        format(
            "<svg viewBox='0 0 %d %d' role='img' aria-label='%s'>\n",
            WIDTH, height, Markup.escaped(title)));
    for (double mark : new double[] {1 - reach, 1, 1 + reach}) {
      svg.append(
          format(
              "<line class='%s' x1='%.1f' y1='%d' x2='%.1f' y2='%d'/>\n",
              mark == 1 ? "one" : "axis", x(mark), MARGIN - 6, x(mark), height - 4));
      svg.append(
          format("<text class='mark' x='%.1f' y='%d'>%.2f</text>\n", x(mark), MARGIN - 10, mark));
    }
    int y = MARGIN + ROW / 2;
    for (Row row : rows) {
      Spread ratio = row.ratio();
      svg.append(
          format(
              "<text class='name' x='%d' y='%d'>%s</text>\n",
              LABEL_WIDTH - 10, y + 4, Markup.escaped(row.name())));
      svg.append(
          format(
              "<line class='range' x1='%.1f' y1='%d' x2='%.1f' y2='%d'/>\n",
              x(ratio.least()), y, x(ratio.most()), y));
      svg.append(
          format("<circle class='engine' cx='%.1f' cy='%d' r='5'/>\n", x(ratio.median()), y));
      svg.append(
          format(
              "<text class='value' x='%d' y='%d'>%s</text>\n",
              LABEL_WIDTH + ROOM + 14, y + 4, BenchTable.ratio(ratio)));
      y += ROW;
    }
    return svg.append("</svg>\n").toString();
  }

  private double x(double ratio) {
    double within = Math.max(1 - reach, Math.min(1 + reach, ratio));
    return LABEL_WIDTH + ROOM * (within - (1 - reach)) / (2 * reach);
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
