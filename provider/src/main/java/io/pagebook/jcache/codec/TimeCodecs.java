package io.pagebook.jcache.codec;

import static io.pagebook.jcache.codec.ScalarCodec.fixed;
import static io.pagebook.jcache.codec.ScalarCodec.variable;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
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
import java.util.Date;
import java.util.List;

/** The codecs of {@code java.time} and {@link Date}. */
final class TimeCodecs {
  /** What a {@link LocalDateTime} takes: its day since 1970 and its nanosecond of the day. */
  private static final int DATE_TIME_BYTES = 2 * Long.BYTES;

  /** Where the ID of the zone begins in the payload of a {@link ZonedDateTime}. */
  private static final int ZONE_INDEX = DATE_TIME_BYTES + Integer.BYTES;

  static final List<ScalarCodec<?>> ALL =
      List.of(
          fixed(
              ProviderType.INSTANT,
              Instant.class,
              2 * Long.BYTES,
              (v, b, i) -> Bits.setLongs(b, i, v.getEpochSecond(), v.getNano()),
              (b, i) -> Instant.ofEpochSecond(Bits.getLong(b, i), Bits.getLong(b, i + Long.BYTES))),
          fixed(
              ProviderType.LOCAL_DATE,
              LocalDate.class,
              Long.BYTES,
              (v, b, i) -> Bits.setLong(b, i, v.toEpochDay()),
              (b, i) -> LocalDate.ofEpochDay(Bits.getLong(b, i))),
          fixed(
              ProviderType.LOCAL_TIME,
              LocalTime.class,
              Long.BYTES,
              (v, b, i) -> Bits.setLong(b, i, v.toNanoOfDay()),
              (b, i) -> LocalTime.ofNanoOfDay(Bits.getLong(b, i))),
          fixed(
              ProviderType.LOCAL_DATE_TIME,
              LocalDateTime.class,
              DATE_TIME_BYTES,
              TimeCodecs::setDateTime,
              TimeCodecs::dateTime),
          fixed(
              ProviderType.DURATION,
              Duration.class,
              2 * Long.BYTES,
              (v, b, i) -> Bits.setLongs(b, i, v.getSeconds(), v.getNano()),
              (b, i) -> Duration.ofSeconds(Bits.getLong(b, i), Bits.getLong(b, i + Long.BYTES))),
          fixed(ProviderType.DATE, Date.class, Long.BYTES, TimeCodecs::setDate, TimeCodecs::date),
          variable(
              ProviderType.ZONED_DATE_TIME,
              ZonedDateTime.class,
              TimeCodecs::zonedBytes,
              TimeCodecs::zoned),
          fixed(
              ProviderType.OFFSET_DATE_TIME,
              OffsetDateTime.class,
              DATE_TIME_BYTES + Integer.BYTES,
              (v, b, i) -> {
                setDateTime(v.toLocalDateTime(), b, i);
                setOffset(v.getOffset(), b, i + DATE_TIME_BYTES);
              },
              (b, i) -> OffsetDateTime.of(dateTime(b, i), offset(b, i + DATE_TIME_BYTES))),
          fixed(
              ProviderType.OFFSET_TIME,
              OffsetTime.class,
              Long.BYTES + Integer.BYTES,
              (v, b, i) -> {
                Bits.setLong(b, i, v.toLocalTime().toNanoOfDay());
                setOffset(v.getOffset(), b, i + Long.BYTES);
              },
              (b, i) ->
                  OffsetTime.of(
                      LocalTime.ofNanoOfDay(Bits.getLong(b, i)), offset(b, i + Long.BYTES))),
          fixed(
              ProviderType.YEAR,
              Year.class,
              Integer.BYTES,
              (v, b, i) -> Bits.setInt(b, i, v.getValue()),
              (b, i) -> Year.of(Bits.getInt(b, i))),
          fixed(
              ProviderType.YEAR_MONTH,
              YearMonth.class,
              Integer.BYTES + 1,
              (v, b, i) -> {
                Bits.setInt(b, i, v.getYear());
                b[i + Integer.BYTES] = (byte) v.getMonthValue();
              },
              (b, i) -> YearMonth.of(Bits.getInt(b, i), b[i + Integer.BYTES])),
          fixed(
              ProviderType.MONTH_DAY,
              MonthDay.class,
              2,
              (v, b, i) -> {
                b[i] = (byte) v.getMonthValue();
                b[i + 1] = (byte) v.getDayOfMonth();
              },
              (b, i) -> MonthDay.of(b[i], b[i + 1])),
          fixed(
              ProviderType.PERIOD,
              Period.class,
              3 * Integer.BYTES,
              (v, b, i) -> {
                Bits.setInt(b, i, v.getYears());
                Bits.setInt(b, i + Integer.BYTES, v.getMonths());
                Bits.setInt(b, i + 2 * Integer.BYTES, v.getDays());
              },
              (b, i) ->
                  Period.of(
                      Bits.getInt(b, i),
                      Bits.getInt(b, i + Integer.BYTES),
                      Bits.getInt(b, i + 2 * Integer.BYTES))),
          fixed(
              ProviderType.ZONE_OFFSET,
              ZoneOffset.class,
              Integer.BYTES,
              TimeCodecs::setOffset,
              TimeCodecs::offset),
          // the class of all zones but fixed offsets; it is not public
          variable(
              ProviderType.ZONE_ID,
              ZoneId.of("UTC").getClass(),
              (ZoneId v) -> idBytes(v),
              TimeCodecs::region));

  private TimeCodecs() {}

  private static void setDateTime(LocalDateTime value, byte[] target, int index) {
    Bits.setLongs(
        target, index, value.toLocalDate().toEpochDay(), value.toLocalTime().toNanoOfDay());
  }

  private static LocalDateTime dateTime(byte[] source, int index) {
    return LocalDateTime.of(
        LocalDate.ofEpochDay(Bits.getLong(source, index)),
        LocalTime.ofNanoOfDay(Bits.getLong(source, index + Long.BYTES)));
  }

  private static void setOffset(ZoneOffset value, byte[] target, int index) {
    Bits.setInt(target, index, value.getTotalSeconds());
  }

  private static ZoneOffset offset(byte[] source, int index) {
    return ZoneOffset.ofTotalSeconds(Bits.getInt(source, index));
  }

  /** Date and time, offset, and the ID of the zone, which is empty if it is the offset. */
  private static byte[] zonedBytes(ZonedDateTime value) {
    byte[] id = value.getZone() instanceof ZoneOffset ? new byte[0] : idBytes(value.getZone());
    byte[] target = new byte[ZONE_INDEX + id.length];
    setDateTime(value.toLocalDateTime(), target, 0);
    setOffset(value.getOffset(), target, DATE_TIME_BYTES);
    System.arraycopy(id, 0, target, ZONE_INDEX, id.length);
    return target;
  }

  /*
   * Strict: where this JVM's rules of the zone differ from the writer's, so that the offset is not one of the zone at
   * that time, no value is better than another one.
   */
  private static ZonedDateTime zoned(byte[] source, int index, int bytes) {
    if (bytes < ZONE_INDEX) {
      throw new DateTimeException("too short: bytes=" + bytes);
    }
    ZoneOffset offset = offset(source, index + DATE_TIME_BYTES);
    ZoneId zone =
        bytes == ZONE_INDEX ? offset : region(source, index + ZONE_INDEX, bytes - ZONE_INDEX);
    return ZonedDateTime.ofStrict(dateTime(source, index), offset, zone);
  }

  private static byte[] idBytes(ZoneId zone) {
    return zone.getId().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static ZoneId region(byte[] source, int index, int bytes) {
    String id = Strings.readLatin1(source, index, bytes);
    ZoneId zone = ZoneId.of(id);
    if (zone instanceof ZoneOffset || !zone.getId().equals(id)) {
      throw new DateTimeException("no ID of a region as it is written: id=" + id);
    }
    return zone;
  }

  @SuppressWarnings("JavaUtilDate") // applications still cache them
  private static void setDate(Date value, byte[] target, int index) {
    Bits.setLong(target, index, value.getTime());
  }

  @SuppressWarnings("JavaUtilDate")
  private static Date date(byte[] source, int index) {
    return new Date(Bits.getLong(source, index));
  }
}
