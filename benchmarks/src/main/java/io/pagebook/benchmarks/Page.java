package io.pagebook.benchmarks;

/** Results as one HTML page that needs no other file: the picture, then the tables. */
final class Page {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Pagebook benchmarks</title>
      <style>
      body { font-family: Helvetica, Arial, sans-serif; max-width: 1000px; margin: 2em auto; padding: 0 1em; color: #0f172a; }
      svg { width: 100%; height: auto; }
      table { border-collapse: collapse; margin: 0 0 1em; }
      th, td { padding: 0.2em 0.8em; text-align: right; border-bottom: 1px solid #e2e8f0; }
      th:first-child, td:first-child { text-align: left; }
      tr.ours { color: #c2410c; font-weight: bold; }
      </style>
      </head>
      <body>
      <h1>Pagebook benchmarks</h1>
      """;

  private Page() {}

  static String of(Results results) {
    StringBuilder page = new StringBuilder(HEAD);
    page.append(paragraph(results.machine())).append(paragraph(results.run()));
    if (!results.settings().isEmpty()) {
      page.append(paragraph(results.settings()));
    }
    page.append(
        paragraph(
            "With several threads, times are those of one thread. Compare within this page only."));
    page.append(Picture.of(results));
    results.tables().forEach(table -> add(page, table));
    if (!results.notes().isEmpty()) {
      page.append("<h2>Failed or left out</h2>\n<table>\n");
      for (Note note : results.notes()) {
        page.append("<tr>").append(cell(note.table())).append(cell(note.row()));
        page.append(cell(note.text())).append("</tr>\n");
      }
      page.append("</table>\n");
    }
    return page.append("</body>\n</html>\n").toString();
  }

  private static void add(StringBuilder page, Table table) {
    String title = Picture.escaped(table.title() + ", " + table.unit());
    page.append("<h2>").append(title).append("</h2>\n<table>\n<tr>");
    for (String head : new String[] {"", "median", "least", "25 %", "75 %", "most"}) {
      page.append("<th>").append(head).append("</th>");
    }
    if (table.hasRatios()) {
      page.append("<th>ratio to ").append(Table.YARDSTICK.label()).append("</th>");
    }
    page.append("</tr>\n");
    for (Finding row : table.sorted()) {
      page.append(row.isOurs() ? "<tr class=\"ours\">" : "<tr>").append(cell(row.row()));
      for (double part : new double[] {0.5, 0, 0.25, 0.75, 1}) {
        page.append(cell(Units.value(row.quantile(part), table.unit())));
      }
      page.append(table.hasRatios() ? cell(table.ratio(row)) : "").append("</tr>\n");
    }
    page.append("</table>\n");
  }

  private static String paragraph(String text) {
    return "<p>" + Picture.escaped(text) + "</p>\n";
  }

  private static String cell(String text) {
    return "<td>" + Picture.escaped(text) + "</td>";
  }
}
