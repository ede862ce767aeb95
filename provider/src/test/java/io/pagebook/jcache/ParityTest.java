package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * What every operation does in every scenario: what it returns, counts, reports and leaves. The
 * table is the ledger of what the TCK leaves open; {@code docs/jcache-conformance.md} explains it.
 */
class ParityTest {

  /** A row for each pair: an operation, or a scenario, without its verdicts would pass. */
  @Test
  void theLedgerIsComplete() throws IOException {
    List<String> expected = new ArrayList<>();
    for (Scenario scenario : Scenario.values()) {
      for (String operation : Operations.ALL.keySet()) {
        expected.add(scenario + ": " + operation);
      }
    }
    List<String> rows = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(ParityTest.class.getResourceAsStream("parity.csv")),
                StandardCharsets.UTF_8))) {
      reader.readLine(); // the header
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] fields = line.split("\\|", 3);
        rows.add(fields[0].strip() + ": " + fields[1].strip());
      }
    }
    assertThat(rows).containsExactlyInAnyOrderElementsOf(expected);
  }

  @ParameterizedTest(name = "{1}: {0}")
  @CsvFileSource(resources = "parity.csv", delimiter = '|', numLinesToSkip = 1)
  void doesWhatTheLedgerSays(String scenario, String operation, String expected) {
    String actual =
        Scenario.valueOf(scenario).run(Objects.requireNonNull(Operations.ALL.get(operation)));

    assertThat(actual).isEqualTo(expected);
  }
}
