package io.pagebook.jcache.settings.xml;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * An attribute with its placeholders expanded, and its value read as what the schema says it is.
 *
 * @param element the name of its element
 * @param location where its element begins
 */
public record Attribute(String element, String name, String value, Location location) {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,18})(KiB|MiB|GiB|TiB)?");
  private static final Map<String, Long> SIZE_UNITS =
      Map.of("KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40);

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,18})(ms|s|m|h|d)");
  private static final Map<String, ChronoUnit> DURATION_UNITS =
      Map.of(
          "ms", ChronoUnit.MILLIS,
          "s", ChronoUnit.SECONDS,
          "m", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS,
          "d", ChronoUnit.DAYS);

  private static final Duration LONGEST = Duration.ofDays(365_000);

  /** A size in bytes. */
  public long asSizeBytes() {
    Matcher matcher = SIZE.matcher(value);
    if (!matcher.matches()) {
      throw invalid(ValueType.SIZE);
    }
    String unit = matcher.group(2);
    try {
      return Math.multiplyExact(
          Long.parseLong(matcher.group(1)), unit == null ? 1L : SIZE_UNITS.getOrDefault(unit, 1L));
    } catch (ArithmeticException e) {
      throw error("size is too large", "use less than 8388608TiB", e);
    }
  }

  /** A whole number that fits an {@code int}. */
  public int asCount() {
    try {
      int count = Integer.parseInt(value);
      if (count >= 0) {
        return count;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw invalid(ValueType.COUNT);
  }

  /** A duration of zero or more. */
  public Duration asDuration() {
    Matcher matcher = DURATION.matcher(value);
    Duration duration;
    try {
      if (matcher.matches()) {
        ChronoUnit unit = DURATION_UNITS.getOrDefault(matcher.group(2), ChronoUnit.MILLIS);
        duration = unit.getDuration().multipliedBy(Long.parseLong(matcher.group(1)));
      } else {
        duration = Duration.parse(value);
      }
    } catch (ArithmeticException | DateTimeException e) {
      throw invalid(ValueType.DURATION);
    }
    if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
      throw error("duration is out of range", "use one from 0s to 365000d");
    }
    return duration;
  }

  public boolean asBoolean() {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(ValueType.BOOLEAN);
    };
  }

  /** The exception for a value that is none of its type. */
  public CacheException invalid(ValueType type) {
    return error("value is not valid", "use " + type.hint());
  }

  /** The exception for a mistake in this attribute. */
  public CacheException error(String what, String fix) {
    return error(what, fix, null);
  }

  /** The exception for a mistake in this attribute, with its cause. */
  public CacheException error(String what, String fix, @Nullable Throwable cause) {
    String details =
        "element=" + element + ", attribute=" + name + ", value=" + Location.shown(value);
    return location.error(Location.join(what, details), fix, cause);
  }
}
