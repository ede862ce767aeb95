package io.pagebook.benchmarks;

import java.util.Locale;

/** Numbers as people read them. */
final class Units {
  private static final double THOUSAND = 1000;

  private Units() {}

  /** A length in bytes, in units of a thousand. */
  static String bytes(double bytes) {
    return scaled(bytes, "B", "kB", "MB", "GB");
  }

  /** A number with its unit; times in the unit that suits them. */
  static String value(double value, String unit) {
    return switch (unit) {
      case "ns/op" -> scaled(value, "ns", "µs", "ms", "s");
      case "ms/op" -> scaled(value, "ms", "s");
      default -> three(value);
    };
  }

  private static String scaled(double value, String... units) {
    double rest = value;
    int unit = 0;
    while (rest >= THOUSAND && unit < units.length - 1) {
      rest /= THOUSAND;
      unit++;
    }
    return three(rest) + " " + units[unit];
  }

  /** Three digits, or all of a longer number's whole part. */
  private static String three(double value) {
    int decimals = value >= 100 || value == Math.rint(value) ? 0 : value >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
