package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * What every operation does in every scenario: what it returns, counts, reports and leaves. The
 * table is the ledger of what the TCK leaves open; {@code docs/jcache-conformance.md} explains it.
 */
class ParityTest {

  @ParameterizedTest(name = "{1}: {0}")
  @CsvFileSource(resources = "parity.csv", delimiter = '|', numLinesToSkip = 1)
  void doesWhatTheLedgerSays(String scenario, String operation, String expected) {
    String actual =
        Scenario.valueOf(scenario).run(Objects.requireNonNull(Operations.ALL.get(operation)));

    assertThat(actual).isEqualTo(expected);
  }
}
