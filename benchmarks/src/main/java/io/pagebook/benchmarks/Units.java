package io.pagebook.benchmarks;

import java.util.Locale;

/**
 * Numbers as people read them. A unit begins with its measure: {@code ns/op}, {@code bytes/entry};
 * {@code of} and {@code times} begin ratios, which are good if they are low or high.
 */
final class Units {
  private static final double THOUSAND = 1000;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  private Units() {}

  /** A length in bytes, in units of a thousand. */
  static String bytes(double bytes) {
    return scaled(bytes, " B", " kB", " MB", " GB");
  }

  /** A number of a unit, scaled as suits it; the unit stands elsewhere. */
  static String value(double value, String unit) {
    return switch (measure(unit)) {
      case "ns" -> time(value);
      case "ms" -> time(value * NANOS_PER_MILLI);
      case "s" -> time(value * NANOS_PER_SECOND);
      case "bytes" -> bytes(value);
      case "op" -> scaled(value, "", " k", " M", " G");
      case "%" -> String.format(Locale.ROOT, "%.2f %%", value);
      default -> three(value);
    };
  }

  static boolean isHigherBetter(String unit) {
    return unit.startsWith("op/s")
        || unit.startsWith("bytes/s")
        || unit.startsWith("times ")
        || unit.equals("% hits");
  }

  static boolean isRatio(String unit) {
    return unit.startsWith("of ") || unit.startsWith("times ");
  }

  private static String measure(String unit) {
    return unit.replaceFirst("[ /].*", "");
  }

  private static String time(double nanos) {
    return scaled(nanos, " ns", " µs", " ms", " s");
  }

  private static String scaled(double value, String... units) {
    double rest = value;
    int unit = 0;
    while (Math.abs(rest) >= THOUSAND && unit < units.length - 1) {
      rest /= THOUSAND;
      unit++;
    }
    return three(rest) + units[unit];
  }

  /** Three digits, or all of a longer number's whole part. */
  private static String three(double value) {
    double size = Math.abs(value);
    int decimals =
        size >= 100 || value == Math.rint(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
