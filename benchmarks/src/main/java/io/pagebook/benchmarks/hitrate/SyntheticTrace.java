package io.pagebook.benchmarks.hitrate;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/**
 * A trace with what real ones have: keys of very unequal popularity, of which the popular ones
 * change over time, and now and then a scan of keys that are used once or in a loop.
 */
final class SyntheticTrace {
  private static final int KEYS = 20_000;
  private static final int REQUESTS = 500_000;
  private static final int PHASES = 5;
  private static final int SCAN_EVERY = 50_000;
  private static final int SCAN_KEYS = 3_000;
  private static final double SKEW = 6.0;

  private SyntheticTrace() {}

  static int[] generate(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] keys = new int[REQUESTS];
    int scanFrom = KEYS;
    for (int i = 0; i < REQUESTS; i++) {
      int intoPeriod = i % SCAN_EVERY;
      if (intoPeriod < 2 * SCAN_KEYS) {
        keys[i] = scanFrom + intoPeriod % SCAN_KEYS; // twice the same keys
      } else {
        int shift = i / (REQUESTS / PHASES) * (KEYS / PHASES);
        int rank = (int) (KEYS * Math.pow(random.nextDouble(), SKEW));
        keys[i] = (rank + shift) % KEYS;
      }
      scanFrom += intoPeriod == SCAN_EVERY - 1 ? SCAN_KEYS : 0;
    }
    return keys;
  }

  /** Writes it as text, one number a line. */
  static Path write(Path directory, long seed) throws IOException {
    Path file = directory.resolve("synthetic-" + seed + ".trace.gz");
    try (BufferedWriter writer =
        new BufferedWriter(
            new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.US_ASCII))) {
      for (int key : generate(seed)) {
        writer.write(Integer.toString(key));
        writer.write('\n');
      }
    }
    return file;
  }
}
