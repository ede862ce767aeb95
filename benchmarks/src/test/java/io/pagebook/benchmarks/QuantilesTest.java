package io.pagebook.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class QuantilesTest {
  private static final double[] FOUR = {40, 10, 30, 20};

  @Test
  void theMedianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
    assertThat(Quantiles.of(FOUR, 0.5)).isEqualTo(25);
  }

  @Test
  void endsAreLeastAndMost() {
    assertThat(Quantiles.of(FOUR, 0)).isEqualTo(10);
    assertThat(Quantiles.of(FOUR, 1)).isEqualTo(40);
  }

  @Test
  void otherPartsAreInterpolated() {
    assertThat(Quantiles.of(FOUR, 0.25)).isCloseTo(17.5, within(1e-9));
  }

  @Test
  void oneValueIsEveryQuantile() {
    assertThat(Quantiles.of(new double[] {7}, 0.95)).isEqualTo(7);
  }
}
