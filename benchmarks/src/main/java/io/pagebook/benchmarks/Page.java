package io.pagebook.benchmarks;

import java.util.Locale;

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
    page.append(
        paragraph(
            "All files lay in memory (/dev/shm). With several threads, times are those of one thread."
                + " Compare within this page only."));
    page.append(Picture.of(results));
    results.tables().forEach(table -> add(page, table));
    return page.append("</body>\n</html>\n").toString();
  }

  private static void add(StringBuilder page, Results.Table table) {
    page.append("<h2>").append(Picture.escaped(table.title())).append("</h2>\n<table>\n<tr>");
    for (String head : new String[] {"store", table.unit(), "from", "to"}) {
      page.append("<th>").append(head).append("</th>");
    }
    page.append("<th>ratio to ").append(Results.YARDSTICK.label()).append("</th>");
    page.append(table.hasAllocation() ? "<th>heap B/op</th>" : "").append("</tr>\n");
    for (Results.Row row : table.lowestFirst()) {
      page.append(row.store().isPagebook() ? "<tr class=\"ours\">" : "<tr>");
      page.append(cell(Picture.escaped(row.store().label())));
      page.append(cell(number(row.median()))).append(cell(number(row.least())));
      page.append(cell(number(row.most()))).append(cell(table.ratio(row)));
      if (table.hasAllocation()) {
        Double allocated = row.allocated();
        page.append(cell(allocated == null ? "-" : number(allocated)));
      }
      page.append("</tr>\n");
    }
    page.append("</table>\n");
  }

  private static String paragraph(String text) {
    return "<p>" + Picture.escaped(text) + "</p>\n";
  }

  private static String cell(String text) {
    return "<td>" + text + "</td>";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%,.1f", value);
  }
}
