package io.pagebook.benchmarks;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;

/**
 * Results as an SVG image 1000 pixels wide: a panel of bars for each measurement in its first unit,
 * Pagebook's in colour.
 */
final class Picture {
  private static final int WIDTH = 1000;
  private static final int COLUMNS = 2;
  private static final int MARGIN = 16;
  private static final int PANEL_WIDTH = (WIDTH - (COLUMNS + 1) * MARGIN) / COLUMNS;
  private static final int TITLE_HEIGHT = 48;
  private static final int FOOT_HEIGHT = 40;
  private static final int ROW_HEIGHT = 19;
  private static final int BAR_HEIGHT = 14;
  private static final int LABEL_WIDTH = 172;
  private static final int VALUE_WIDTH = 66;
  private static final int BARS_WIDTH = PANEL_WIDTH - LABEL_WIDTH - VALUE_WIDTH;

  private static final String OURS = "#c2410c";
  private static final String THEIRS = "#94a3b8";
  private static final String DARK = "#0f172a";
  private static final String PALE = "#64748b";
  private static final String LINES = "#e2e8f0";

  private final Results results;
  private final StringBuilder svg = new StringBuilder();

  private Picture(Results results) {
    this.results = results;
  }

  static String of(Results results) {
    return new Picture(results).draw();
  }

  private String draw() {
    List<Table> tables = results.mainTables();
    int height = MARGIN;
    StringBuilder panels = new StringBuilder();
    for (int first = 0; first < tables.size(); first += COLUMNS) {
      int tallest = 0;
      for (int i = first; i < Math.min(first + COLUMNS, tables.size()); i++) {
        int left = MARGIN + (i - first) * (PANEL_WIDTH + MARGIN);
        svg.setLength(0);
        panel(tables.get(i), left, height);
        panels.append(svg);
        tallest = Math.max(tallest, panelHeight(tables.get(i)));
      }
      height += tallest + MARGIN;
    }
    svg.setLength(0);
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
            + " font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\">%n",
        WIDTH, height + FOOT_HEIGHT, WIDTH, height + FOOT_HEIGHT);
    add("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n");
    svg.append(panels);
    text(MARGIN, height + 4, "start", PALE, 11, results.machine());
    text(MARGIN, height + 20, "start", PALE, 11, results.origin());
    add("</svg>%n");
    return svg.toString();
  }

  private static int panelHeight(Table table) {
    return TITLE_HEIGHT + table.rows().size() * ROW_HEIGHT;
  }

  private void panel(Table table, int left, int top) {
    List<Finding> rows = table.sorted();
    DoubleSummaryStatistics medians =
        rows.stream().mapToDouble(Finding::median).summaryStatistics();
    Scale scale = Scale.of(medians.getMin(), medians.getMax());
    int bars = left + LABEL_WIDTH;
    add(
        "<text x=\"%d\" y=\"%d\" font-size=\"14\" font-weight=\"bold\" fill=\"%s\">%s</text>%n",
        left, top + 14, DARK, escaped(table.title()));
    text(left, top + 31, "start", PALE, 11, table.unit() + better(table.unit()) + scale.note());
    for (int line = 0; line <= scale.lines(); line++) {
      int x = bars + line * BARS_WIDTH / scale.lines();
      add(
          "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\"/>%n",
          x, top + TITLE_HEIGHT - 6, x, top + panelHeight(table), LINES);
    }
    int y = top + TITLE_HEIGHT;
    for (Finding row : rows) {
      boolean ours = row.isOurs();
      int length = Math.max(2, (int) Math.round(scale.share(row.median()) * BARS_WIDTH));
      String colour = ours ? OURS : DARK;
      text(bars - 6, y + 9, "end", colour, 12, row.row());
      add(
          "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>%n",
          bars, y - 2, length, BAR_HEIGHT, ours ? OURS : THEIRS);
      String value = Units.value(row.median(), table.unit());
      text(bars + length + 4, y + 9, "start", colour, 12, value);
      y += ROW_HEIGHT;
    }
  }

  private static String better(String unit) {
    return Units.isHigherBetter(unit) ? ", longer is better" : ", shorter is better";
  }

  private void text(int x, int y, String anchor, String colour, int size, String text) {
    add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\" font-size=\"%d\">%s</text>%n",
        x, y, anchor, colour, size, escaped(text));
  }

  private void add(String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments));
  }

  /** As text of an XML or HTML document. */
  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /**
   * How long bars are.
   *
   * @param start the value of a bar without length, as its decimal logarithm if logarithmic
   * @param lines how many parts the width has, each a power of ten if logarithmic
   */
  private record Scale(boolean logarithmic, double start, double end, int lines) {
    private static final double LINEAR_BELOW = 20;
    private static final int LINEAR_LINES = 4;

    static Scale of(double least, double most) {
      if (least <= 0 || most < LINEAR_BELOW * least) {
        return new Scale(false, 0, Math.max(most, Double.MIN_NORMAL), LINEAR_LINES);
      }
      double start = Math.floor(Math.log10(least));
      double end = Math.ceil(Math.log10(most));
      return new Scale(true, start, end, (int) (end - start));
    }

    double share(double value) {
      return ((logarithmic ? Math.log10(value) : value) - start) / (end - start);
    }

    String note() {
      return logarithmic ? "; each line is ten times the one before" : "";
    }
  }
}
