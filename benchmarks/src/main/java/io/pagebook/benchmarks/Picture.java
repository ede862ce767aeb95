package io.pagebook.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * Results as an SVG image 1000 pixels wide: a panel of bars for each table, on a logarithmic scale,
 * the shortest bar on top, Pagebook's in colour.
 */
final class Picture {
  private static final int WIDTH = 1000;
  private static final int COLUMNS = 2;
  private static final int MARGIN = 16;
  private static final int PANEL_WIDTH = (WIDTH - (COLUMNS + 1) * MARGIN) / COLUMNS;
  private static final int TITLE_HEIGHT = 48;
  private static final int FOOT_HEIGHT = 24;
  private static final int ROW_HEIGHT = 19;
  private static final int BAR_HEIGHT = 14;
  private static final int LABEL_WIDTH = 172;
  private static final int VALUE_WIDTH = 66;
  private static final int BARS_WIDTH = PANEL_WIDTH - LABEL_WIDTH - VALUE_WIDTH;

  private static final String OURS = "#c2410c";
  private static final String THEIRS = "#94a3b8";

  private final Results results;
  private final StringBuilder svg = new StringBuilder();

  private Picture(Results results) {
    this.results = results;
  }

  static String of(Results results) {
    return new Picture(results).draw();
  }

  private String draw() {
    List<Results.Table> tables = results.tables();
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
    text(MARGIN, height + 4, "start", "#64748b", 11, results.machine());
    add("</svg>%n");
    return svg.toString();
  }

  private static int panelHeight(Results.Table table) {
    return TITLE_HEIGHT + table.rows().size() * ROW_HEIGHT;
  }

  private void panel(Results.Table table, int left, int top) {
    List<Results.Row> rows = table.lowestFirst();
    double least = Math.floor(Math.log10(rows.get(0).median()));
    double most = Math.ceil(Math.log10(rows.get(rows.size() - 1).median()));
    double decades = Math.max(1, most - least);
    add("<g>%n");
    add(
        "<text x=\"%d\" y=\"%d\" font-size=\"14\" font-weight=\"bold\" fill=\"#0f172a\">%s</text>%n",
        left, top + 14, escaped(table.title()));
    int bars = left + LABEL_WIDTH;
    text(
        left,
        top + 31,
        "start",
        "#64748b",
        11,
        table.unit() + ", shorter is better; each line is ten times the one before");
    int bottom = top + panelHeight(table);
    for (int decade = 0; decade <= (int) decades; decade++) {
      int x = bars + (int) Math.round(decade * BARS_WIDTH / decades);
      add(
          "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#e2e8f0\"/>%n",
          x, top + TITLE_HEIGHT - 6, x, bottom);
    }
    int y = top + TITLE_HEIGHT;
    for (Results.Row row : rows) {
      boolean ours = row.store().isPagebook();
      double share = (Math.log10(row.median()) - least) / decades;
      int length = Math.max(2, (int) Math.round(share * BARS_WIDTH));
      String weight = ours ? OURS : "#334155";
      text(bars - 6, y + 9, "end", weight, 12, row.store().label());
      add(
          "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>%n",
          bars, y - 2, length, BAR_HEIGHT, ours ? OURS : THEIRS);
      text(bars + length + 4, y + 9, "start", weight, 12, Units.value(row.median(), table.unit()));
      y += ROW_HEIGHT;
    }
    add("</g>%n");
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
}
