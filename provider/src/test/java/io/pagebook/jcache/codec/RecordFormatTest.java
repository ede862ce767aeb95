package io.pagebook.jcache.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.RecordBuffer;
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
import java.util.Date;
import java.util.HexFormat;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes of each codec, as other versions wrote them and will read them. */
class RecordFormatTest {
  private static final LocalDateTime TIME =
      LocalDateTime.of(LocalDate.ofEpochDay(1), LocalTime.ofNanoOfDay(2));

  private final RecordCodec codec =
      new RecordCodec(RecordFormatTest.class.getClassLoader(), ClassRules.ANY, null);
  private final RecordBuffer buffer = new RecordBuffer();

  @SuppressWarnings("JavaUtilDate")
  static Stream<Arguments> formats() {
    return Stream.of(
        Arguments.of(new byte[] {1, 2}, 1, "0102"),
        Arguments.of("a\u00e9", 2, "61e9"),
        Arguments.of("a\u0101\ud83d", 3, "610001013dd8"),
        Arguments.of(-1, 17, "ffffffff"),
        Arguments.of(0x0102030405060708L, 18, "0807060504030201"),
        Arguments.of((short) 0x0102, 19, "0201"),
        Arguments.of((byte) 5, 20, "05"),
        Arguments.of('\u0102', 21, "0201"),
        Arguments.of(true, 22, "01"),
        Arguments.of(1.0f, 23, "0000803f"),
        Arguments.of(1.0, 24, "000000000000f03f"),
        Arguments.of(new UUID(1, 2), 25, "01000000000000000200000000000000"),
        Arguments.of(BigInteger.valueOf(-256), 26, "ff00"),
        Arguments.of(new BigDecimal("2.56"), 27, "020000000100"),
        Arguments.of(Instant.ofEpochSecond(1, 2), 28, "01000000000000000200000000000000"),
        Arguments.of(LocalDate.ofEpochDay(3), 29, "0300000000000000"),
        Arguments.of(LocalTime.ofNanoOfDay(4), 30, "0400000000000000"),
        Arguments.of(TIME, 31, "01000000000000000200000000000000"),
        Arguments.of(Duration.ofSeconds(1, 2), 32, "01000000000000000200000000000000"),
        Arguments.of(new Date(5), 33, "0500000000000000"),
        Arguments.of(
            ZonedDateTime.of(TIME, ZoneId.of("Etc/UTC")),
            34,
            "0100000000000000020000000000000000000000" + "4574632f555443"),
        Arguments.of(
            ZonedDateTime.of(TIME, ZoneOffset.ofTotalSeconds(-2)),
            34,
            "01000000000000000200000000000000feffffff"),
        Arguments.of(
            OffsetDateTime.of(TIME, ZoneOffset.ofTotalSeconds(3)),
            35,
            "0100000000000000020000000000000003000000"),
        Arguments.of(
            OffsetTime.of(TIME.toLocalTime(), ZoneOffset.ofTotalSeconds(3)),
            36,
            "020000000000000003000000"),
        Arguments.of(Year.of(-2), 37, "feffffff"),
        Arguments.of(YearMonth.of(2026, 11), 38, "ea0700000b"),
        Arguments.of(MonthDay.of(2, 29), 39, "021d"),
        Arguments.of(Period.of(1, -1, 2), 40, "01000000ffffffff02000000"),
        Arguments.of(ZoneOffset.ofTotalSeconds(-1), 41, "ffffffff"),
        Arguments.of(ZoneId.of("Etc/UTC"), 42, "4574632f555443"));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void valuesHaveTheseBytes(Object value, int type, String hex) {
    codec.encodeValue(value, buffer);

    assertThat(buffer.type()).isEqualTo(type);
    assertThat(hex(buffer.value(), buffer.valueLength())).isEqualTo(hex);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void keysHaveTheseBytesBehindTheirType(Object key, int type, String hex) {
    codec.encodeKey(key, buffer);

    assertThat(buffer.keyIsId()).isFalse();
    assertThat(hex(buffer.key(), buffer.keyLength()))
        .isEqualTo(HexFormat.of().toHexDigits((byte) type) + hex);
  }

  private static String hex(byte[] bytes, int length) {
    return HexFormat.of().formatHex(bytes, 0, length);
  }
}
