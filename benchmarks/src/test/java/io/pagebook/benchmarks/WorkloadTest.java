package io.pagebook.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 100, 1024, 9973, 1_000_000})
  void everyEntryIsLoadedOnce(int entries) {
    assertThat(
            IntStream.range(0, entries).map(i -> Workload.shuffled(i, entries)).sorted().toArray())
        .isEqualTo(IntStream.rangeClosed(1, entries).toArray());
  }
}
