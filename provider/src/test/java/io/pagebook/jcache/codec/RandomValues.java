package io.pagebook.jcache.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

/** Random objects of every class that has a codec of its own, and serialised ones. */
final class RandomValues {
  private static final List<String> ZONES =
      List.copyOf(new TreeSet<>(ZoneId.getAvailableZoneIds()));

  @SuppressWarnings("JavaUtilDate")
  private static final List<Function<SplittableRandom, Object>> SCALARS =
      List.of(
          SplittableRandom::nextInt,
          SplittableRandom::nextLong,
          random -> (short) random.nextInt(),
          random -> (byte) random.nextInt(),
          random -> (char) random.nextInt(),
          SplittableRandom::nextBoolean,
          random -> Float.intBitsToFloat(random.nextInt()),
          random -> Double.longBitsToDouble(random.nextLong()),
          random -> new UUID(random.nextLong(), random.nextLong()),
          RandomValues::bigInteger,
          random -> new BigDecimal(bigInteger(random), random.nextInt()),
          RandomValues::latin1,
          RandomValues::utf16,
          RandomValues::instant,
          random -> dateTime(random).toLocalDate(),
          random -> dateTime(random).toLocalTime(),
          RandomValues::dateTime,
          random -> Duration.ofSeconds(random.nextLong(), random.nextInt(1_000_000_000)),
          random -> new Date(random.nextLong()),
          random -> ZonedDateTime.ofInstant(instant(random), zone(random)),
          random -> ZonedDateTime.of(dateTime(random), zone(random)),
          random -> OffsetDateTime.of(dateTime(random), offset(random)),
          random -> OffsetTime.of(dateTime(random).toLocalTime(), offset(random)),
          random -> Year.of(random.nextInt(Year.MIN_VALUE, Year.MAX_VALUE + 1)),
          random -> YearMonth.from(dateTime(random)),
          random -> MonthDay.from(dateTime(random)),
          random -> Period.of(random.nextInt(), random.nextInt(), random.nextInt()),
          RandomValues::offset,
          RandomValues::zone);

  private RandomValues() {}

  /** An object of a class that has a codec of its own. */
  static Object scalar(SplittableRandom random) {
    return SCALARS.get(random.nextInt(SCALARS.size())).apply(random);
  }

  /** Any object, collections of others included. */
  static Object any(SplittableRandom random) {
    return any(random, 3);
  }

  private static Object any(SplittableRandom random, int levels) {
    return switch (levels == 0 ? 2 : random.nextInt(4)) {
      case 0 -> list(random, levels - 1);
      case 1 -> map(random, levels - 1);
      default -> scalar(random);
    };
  }

  private static List<Object> list(SplittableRandom random, int levels) {
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      list.add(any(random, levels));
    }
    return list;
  }

  private static Map<Object, Object> map(SplittableRandom random, int levels) {
    Map<Object, Object> map = new HashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      map.put(scalar(random), any(random, levels));
    }
    return map;
  }

  private static BigInteger bigInteger(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(1, 40)];
    random.nextBytes(bytes);
    return new BigInteger(bytes);
  }

  private static String latin1(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    random.ints(random.nextInt(40), 0, 256).forEach(c -> text.append((char) c));
    return text.toString();
  }

  private static String utf16(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    random.ints(random.nextInt(40), 0, 65_536).forEach(c -> text.append((char) c));
    return text.toString();
  }

  private static Instant instant(SplittableRandom random) {
    // times that have rules of summer and winter, more often than others
    long range = random.nextBoolean() ? 5_000_000_000L : 30_000_000_000_000L;
    return Instant.ofEpochSecond(random.nextLong(-range, range), random.nextInt(1_000_000_000));
  }

  private static LocalDateTime dateTime(SplittableRandom random) {
    return LocalDateTime.of(
        LocalDate.ofEpochDay(
            random.nextBoolean()
                ? random.nextLong(-20_000, 40_000)
                : random.nextLong(LocalDate.MIN.toEpochDay(), LocalDate.MAX.toEpochDay())),
        LocalTime.ofNanoOfDay(random.nextLong(LocalTime.MAX.toNanoOfDay() + 1)));
  }

  private static ZoneOffset offset(SplittableRandom random) {
    return ZoneOffset.ofTotalSeconds(random.nextInt(-18 * 3600, 18 * 3600 + 1));
  }

  private static ZoneId zone(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> offset(random);
      case 1 -> ZoneId.ofOffset("GMT", offset(random));
      default -> ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
    };
  }
}
