package dev.brigade.launcher.bench;

import java.util.List;
import java.util.Locale;

/**
 * Bars that lie, as inline SVG: groups of one or two, each with its value and a whisker from least
 * to most. Colours are the page's, by class.
 */
final class BarChart {
  private static final int LABEL_WIDTH = 130;
  private static final int BAR_ROOM = 430;
  private static final int WIDTH = 720;
  private static final int BAR_HEIGHT = 15;
  private static final int GROUP_GAP = 14;
  private static final int VALUE_GAP = 8;

  private final StringBuilder svg = new StringBuilder();
  private final double scale;

  private BarChart(double most) {
    scale = BAR_ROOM / Math.max(most, Double.MIN_NORMAL);
  }

  /**
   * A bar.
   *
   * @param style the class that colours it
   * @param value how long it is, with its spread
   * @param label what is written after it
   */
  record Bar(String style, Spread value, String label) {}

  /** Bars that belong together, under one name. */
  record Group(String name, List<Bar> bars) {}

  /**
   * The picture.
   *
   * @param title for those who do not see it
   */
  static String of(String title, List<Group> groups) {
    double most =
        groups.stream()
            .flatMap(group -> group.bars().stream())
            .mapToDouble(bar -> bar.value().most())
            .max()
            .orElse(1);
    return new BarChart(most).draw(title, groups);
  }

  private String draw(String title, List<Group> groups) {
    int height =
        groups.stream().mapToInt(g -> g.bars().size() * BAR_HEIGHT + GROUP_GAP).sum() + GROUP_GAP;
    svg.append(
        format(
            "<svg viewBox='0 0 %d %d' role='img' aria-label='%s'>%n",
            WIDTH, height, Markup.escaped(title)));
    int y = GROUP_GAP;
    for (Group group : groups) {
      int middle = y + group.bars().size() * BAR_HEIGHT / 2;
      text(LABEL_WIDTH - 10, middle + 4, "name", group.name());
      for (Bar bar : group.bars()) {
        bar(bar, y);
        y += BAR_HEIGHT;
      }
      y += GROUP_GAP;
    }
    line("axis", LABEL_WIDTH, GROUP_GAP / 2.0, LABEL_WIDTH, height - GROUP_GAP / 2.0);
    return svg.append("</svg>\n").toString();
  }

  private void bar(Bar bar, int y) {
    Spread value = bar.value();
    svg.append(
        format(
            "<rect class='%s' x='%d' y='%d' width='%.1f' height='%d'/>%n",
            bar.style(), LABEL_WIDTH, y + 1, value.median() * scale, BAR_HEIGHT - 2));
    double middle = y + BAR_HEIGHT / 2.0;
    double from = LABEL_WIDTH + value.least() * scale;
    double to = LABEL_WIDTH + value.most() * scale;
    line("whisker", from, middle, to, middle);
    line("whisker", from, middle - 3, from, middle + 3);
    line("whisker", to, middle - 3, to, middle + 3);
    text(to + VALUE_GAP, y + BAR_HEIGHT - 3, "value", bar.label());
  }

  private void text(double x, double y, String style, String text) {
    svg.append(
        format(
            "<text class='%s' x='%.1f' y='%.1f'>%s</text>%n", style, x, y, Markup.escaped(text)));
  }

  private void line(String style, double x1, double y1, double x2, double y2) {
    svg.append(
        format(
            "<line class='%s' x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f'/>%n", style, x1, y1, x2, y2));
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text.replace("%n", "\n"), values);
  }
}
