package io.pagebook.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "1234, ns/op of processor time, 1.23 µs",
    "0.25, ms, 250 µs",
    "2, s, 2 s",
    "145.2, bytes/entry, 145 B",
    "3500000000, bytes/s, 3.50 GB",
    "12345678, op/s, 12.3 M",
    "43.531, % hits, 43.53 %",
    "1.92, times one process, 1.92",
    "0, % hits, 0.00 %"
  })
  void scalesEachUnit(double value, String unit, String expected) {
    assertThat(Units.value(value, unit)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"op/s", "op/s of processor time", "bytes/s", "times one process", "% hits"})
  void moreIsBetter(String unit) {
    assertThat(Units.isHigherBetter(unit)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ns/op", "ms", "bytes/entry", "bytes/op on the heap", "of LMDB"})
  void lessIsBetter(String unit) {
    assertThat(Units.isHigherBetter(unit)).isFalse();
  }

  @Test
  void ratiosAreToldFromMeasures() {
    assertThat(Units.isRatio("of LMDB")).isTrue();
    assertThat(Units.isRatio("op/s of processor time")).isFalse();
  }
}
