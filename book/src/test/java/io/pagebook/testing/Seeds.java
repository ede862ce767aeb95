package io.pagebook.testing;

import java.util.SplittableRandom;

/**
 * Seeds of randomised tests: printed before use, and set by {@code -Dpagebook.seed=N} to repeat a
 * run. A child JVM that {@link ChildJvm} starts gets the seed it is given the same way.
 */
public final class Seeds {
  /** The system property that fixes the seed. */
  public static final String PROPERTY = "pagebook.seed";

  private Seeds() {}

  /** The seed of the test {@code name}, printed. */
  public static long seed(String name) {
    Long fixed = Long.getLong(PROPERTY);
    long seed = fixed != null ? fixed : mix(System.nanoTime() ^ name.hashCode());
    System.out.println(
        "seed of " + name + ": " + seed + " (repeat with -D" + PROPERTY + "=" + seed + ")");
    return seed;
  }

  /** A generator on the seed of the test {@code name}, printed. */
  public static SplittableRandom random(String name) {
    return new SplittableRandom(seed(name));
  }

  /** The seed that the parent passed, in a child JVM. */
  public static long inherited() {
    Long seed = Long.getLong(PROPERTY);
    if (seed == null) {
      throw new IllegalStateException("no seed was passed: property=" + PROPERTY);
    }
    return seed;
  }

  /**
   * A bijection of 64-bit words whose every output bit depends on every input bit (the finaliser of
   * SplitMix64).
   */
  public static long mix(long word) {
    long z = word + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
