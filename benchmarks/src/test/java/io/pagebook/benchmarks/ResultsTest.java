package io.pagebook.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class ResultsTest {
  private static final String COMMIT = "c0ffee1";
  private static final String JMH =
      """
      [{"benchmark": "io.pagebook.benchmarks.StoreBenchmark.get", "threads": 1,
        "params": {"entries": "1000", "store": "%s", "valueBytes": "100"},
        "primaryMetric": {"score": 1, "scoreUnit": "ns/op", "rawData": [[%s]]},
        "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 144, "rawData": [[144]]}}},
       {"benchmark": "io.pagebook.benchmarks.LoadBenchmark.load", "threads": 1,
        "params": {"entries": "1000", "store": "%s", "valueBytes": "100"},
        "primaryMetric": {"score": 1, "scoreUnit": "ms/op", "rawData": [[2]]},
        "secondaryMetrics": {"diskBytes": {"score": 150000, "rawData": [[150000]]}}}]
      """;

  @TempDir private Path directory;

  @Test
  void findingsAreReadBackAsTables() {
    Results results = new Results(fileWithFindings());

    assertThat(results.tables())
        .extracting(Table::title, Table::unit)
        .containsExactly(tuple("get & put", "op/s"), tuple("get & put", "times one process"));
    assertThat(results.mainTables()).hasSize(1);
    assertThat(results.settings()).isEqualTo("entries: 7, rounds: 3");
    assertThat(results.run()).contains(COMMIT, "processes", directory.toString());
    assertThat(results.notes())
        .containsExactly(new Note("get & put", "LMDB", "did not go on <60 s>"));
  }

  @Test
  void rowsOfStoresAreSortedByWhatIsBetter() {
    Table table = new Results(fileWithFindings()).tables().get(0);

    assertThat(table.sorted())
        .extracting(Finding::row)
        .containsExactly("Pagebook, IDs", "Chronicle Map");
    assertThat(table.ratio(table.sorted().get(0))).isEqualTo("2.00");
  }

  @Test
  void theSvgIsXmlWithTheCommit() throws Exception {
    String svg = Picture.of(new Results(fileWithFindings()));

    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(document.getDocumentElement().getTextContent())
        .contains(COMMIT, "get & put", "longer is better", "Pagebook, IDs");
  }

  @Test
  void thePageHasTablesNotesAndSettings() {
    assertThat(Page.of(new Results(fileWithFindings())))
        .contains(
            "<svg", "get &amp; put, times one process", "did not go on &lt;60 s&gt;", "rounds: 3")
        .doesNotContain("/dev/shm");
  }

  @Test
  void theReportPrintsEveryTable() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new Report(
            new PrintStream(bytes, true, StandardCharsets.UTF_8), new Results(fileWithFindings()))
        .print();

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("get & put, op/s", "times one process", "note: get & put, LMDB");
  }

  @Test
  void resultsOfJmhBecomeTheSameTables() throws Exception {
    String ours = String.format(Locale.ROOT, JMH, "PAGEBOOK", "100,300", "PAGEBOOK").strip();
    String theirs =
        String.format(Locale.ROOT, JMH, "CHRONICLE_MAP", "400", "CHRONICLE_MAP").strip();
    String text = Files.readString(fileWithFindings());
    String both = ours.substring(0, ours.length() - 1) + "," + theirs.substring(1);
    Path file =
        Files.writeString(
            directory.resolve("jmh.json"),
            text.replaceFirst("\"results\" : \\[[^]]*]", "\"results\" : " + both));

    List<Table> tables = new Results(file).tables();

    assertThat(tables)
        .extracting(table -> table.title() + ", " + table.unit())
        .startsWith(
            "get, 1,000 entries of 100 B, ns/op",
            "get, 1,000 entries of 100 B, bytes/op on the heap",
            "put of new entries, 1,000 entries of 100 B, ns/op",
            "size, 1,000 entries of 100 B, bytes/entry")
        .hasSize(6);
    assertThat(tables.get(0).ratio(tables.get(0).rows().get(0))).isEqualTo("0.50");
    assertThat(tables.get(2).rows().get(0).median()).isEqualTo(2000);
    assertThat(tables.get(3).rows().get(0).median()).isEqualTo(150);
  }

  private Path fileWithFindings() {
    Findings findings = new Findings("processes", directory).with("entries", 7).with("rounds", 3);
    findings.add("get & put", StoreKind.CHRONICLE_MAP, "op/s", List.of(1e6));
    findings.add("get & put", StoreKind.PAGEBOOK, "op/s", List.of(1e6, 2e6, 3e6));
    findings.add("get & put", StoreKind.PAGEBOOK, "times one process", List.of(1.9));
    findings.note("get & put", "LMDB", "did not go on <60 s>");
    return ResultFile.write(directory, COMMIT, findings, List.of());
  }
}
