package io.pagebook.benchmarks;

import java.util.Arrays;
import java.util.Random;

/**
 * Keys drawn by Zipf's law: the one of rank r comes up with a probability in proportion to 1 /
 * r^exponent.
 */
final class Zipf {
  private final double[] cumulative;
  private final int[] keyOfRank;

  /**
   * Draws from the keys 1 to {@code keys}; the popular ones are scattered among the others by
   * {@code random}.
   */
  Zipf(int keys, double exponent, Random random) {
    cumulative = new double[keys];
    keyOfRank = new int[keys];
    double sum = 0;
    for (int rank = 0; rank < keys; rank++) {
      sum += 1 / Math.pow(rank + 1.0, exponent);
      cumulative[rank] = sum;
      int other = random.nextInt(rank + 1);
      keyOfRank[rank] = keyOfRank[other];
      keyOfRank[other] = rank + 1;
    }
  }

  int next(Random random) {
    double point = random.nextDouble() * cumulative[cumulative.length - 1];
    int found = Arrays.binarySearch(cumulative, point);
    return keyOfRank[found >= 0 ? found : -found - 1];
  }
}
