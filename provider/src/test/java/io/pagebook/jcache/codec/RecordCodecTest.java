package io.pagebook.jcache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.RecordBuffer;
import io.pagebook.book.ValueType;
import java.io.Serializable;
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
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCodecTest {
  private final RecordCodec codec =
      new RecordCodec(RecordCodecTest.class.getClassLoader(), ClassRules.ANY, null);
  private final RecordBuffer buffer = new RecordBuffer();

  @SuppressWarnings("JavaUtilDate")
  static Stream<Object> objects() {
    return Stream.of(
        0,
        -1,
        -256,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        (short) -2,
        (byte) -3,
        'x',
        true,
        false,
        1.5f,
        Float.NaN,
        -0.0,
        Double.MIN_VALUE,
        "",
        "latin \u00e9\u00ff",
        "\u0100 greek \u03b1 emoji \ud83d\ude00 unpaired \ud800",
        new UUID(1, -2),
        BigInteger.ONE.shiftLeft(200).negate(),
        new BigDecimal("-123.4500"),
        new BigDecimal(BigInteger.TEN, -5),
        Instant.MIN,
        Instant.MAX,
        Instant.ofEpochSecond(-1, 999_999_999),
        LocalDate.MAX,
        LocalTime.MAX,
        LocalDateTime.MIN,
        Duration.ofSeconds(Long.MIN_VALUE, 1),
        new Date(-5),
        ZonedDateTime.of(LocalDateTime.MAX, ZoneOffset.MIN),
        ZonedDateTime.of(2024, 10, 27, 2, 30, 0, 1, ZoneId.of("Europe/Berlin")),
        ZonedDateTime.of(2024, 10, 27, 2, 30, 0, 1, ZoneId.of("Europe/Berlin"))
            .withLaterOffsetAtOverlap(),
        OffsetDateTime.MIN,
        OffsetTime.MAX,
        Year.of(Year.MIN_VALUE),
        YearMonth.of(Year.MAX_VALUE, 12),
        MonthDay.of(2, 29),
        Period.of(1, -2, Integer.MIN_VALUE),
        ZoneOffset.MAX,
        ZoneOffset.UTC,
        ZoneId.of("UTC"),
        ZoneId.of("GMT+2"),
        ZoneId.ofOffset("UT", ZoneOffset.ofHoursMinutes(-3, -30)),
        TimeUnit.DAYS,
        Body.WITH,
        Body.WITHOUT,
        List.of("a", 1),
        new ArrayList<>(Arrays.asList(null, 2L)));
  }

  @ParameterizedTest
  @MethodSource("objects")
  void valuesComeBackEqual(Object value) {
    codec.encodeValue(value, buffer);

    assertThat(codec.decodeValue(buffer)).isEqualTo(value).hasSameClassAs(value);
  }

  @ParameterizedTest
  @MethodSource("objects")
  void keysComeBackEqual(Object key) {
    codec.encodeKey(key, buffer);

    assertThat(codec.decodeKey(buffer)).isEqualTo(key).hasSameClassAs(key);
  }

  @Test
  void bytesAreCopied() {
    byte[] bytes = {1, 2, 3};
    codec.encodeValue(bytes, buffer);
    bytes[0] = 9;

    assertThat((byte[]) codec.decodeValue(buffer)).containsExactly(1, 2, 3);
  }

  @Test
  void integersAreIdsButForTheReservedOnes() {
    codec.encodeKey(-2, buffer);
    assertThat(buffer.keyIsId()).isTrue();

    codec.encodeKey(-1, buffer);
    assertThat(buffer.keyIsId()).isFalse();

    codec.encodeKey(-256, buffer);
    assertThat(buffer.keyIsId()).isFalse();
  }

  @Test
  void stringsAreStoredAsTheBookStoresThem() {
    codec.encodeValue("abc", buffer);
    assertThat(buffer.type()).isEqualTo(ValueType.LATIN1_STRING);
    assertThat(buffer.valueLength()).isEqualTo(3);

    codec.encodeValue("ab\u0100", buffer);
    assertThat(buffer.type()).isEqualTo(ValueType.UTF16_STRING);
    assertThat(buffer.valueLength()).isEqualTo(6);
    assertThat(buffer.value()).startsWith('a', 0, 'b', 0, 0, 1);
  }

  @Test
  void differentTypesNeverShareAKey() {
    List<byte[]> keys = new ArrayList<>();
    for (Object key : List.of(-1, -1L, (short) -1, (byte) -1, "-1", '1', true, 1.0, 1.0f)) {
      codec.encodeKey(key, buffer);
      keys.add(Arrays.copyOf(buffer.key(), buffer.keyLength()));
    }

    assertThat(keys).doesNotHaveDuplicates();
  }

  @Test
  void equalKeysHaveEqualBytesWhateverInstancesTheyShare() {
    String shared = "part";
    String other = String.join("", "pa", "rt");
    Long big = Long.valueOf("123456789");
    Long alsoBig = Long.valueOf("123456789");

    byte[] first = keyBytes(new Pair(shared, shared, big, big));
    byte[] second = keyBytes(new Pair(shared, other, big, alsoBig));

    assertThat(first).isEqualTo(second);
  }

  /** Two of each class that keys may hold shared or not; equal, and not the same. */
  static Stream<Arguments> equalParts() {
    return Stream.<Supplier<Object>>of(
            () -> new String("part"),
            () -> Integer.valueOf("123456789"),
            () -> Long.valueOf("123456789"),
            () -> Short.valueOf("12345"),
            () -> Double.valueOf("1.5"),
            () -> Float.valueOf("1.5"),
            () -> Character.valueOf(Character.toString('\u20ac').charAt(0)),
            () -> new UUID(1, 2),
            () -> new BigInteger("123456789"),
            () -> new BigDecimal("1234567.89"),
            () -> Instant.ofEpochSecond(1, 2),
            () -> Duration.ofSeconds(1, 2),
            () -> Period.of(1, 2, 3),
            () -> LocalDate.of(2020, 1, 1),
            () -> LocalTime.of(1, 2, 3),
            () -> LocalDateTime.of(2020, 1, 1, 1, 2),
            () -> OffsetDateTime.of(2020, 1, 1, 1, 2, 3, 4, ZoneOffset.ofTotalSeconds(7)),
            () -> OffsetTime.of(1, 2, 3, 4, ZoneOffset.ofTotalSeconds(7)),
            () -> ZonedDateTime.of(2020, 1, 1, 1, 2, 3, 4, ZoneId.of("Europe/Berlin")),
            () -> Year.of(2020),
            () -> YearMonth.of(2020, 1),
            () -> MonthDay.of(1, 1),
            () -> ZoneOffset.ofTotalSeconds(7),
            () -> ZoneId.of("Europe/Berlin"))
        .map(part -> Arguments.of(part.get(), part.get()));
  }

  @ParameterizedTest
  @MethodSource("equalParts")
  void equalPartsOfKeysMayBeOneInstanceOrTwo(Object part, Object equal) {
    assertThat(keyBytes(List.of(part, part))).isEqualTo(keyBytes(List.of(part, equal)));
    assertThat(keyBytes(List.of(part, part))).isNotEqualTo(keyBytes(List.of(part, "other")));
    codec.encodeKey(List.of(part, equal), buffer);
    assertThat(codec.decodeKey(buffer)).isEqualTo(List.of(part, equal));
  }

  @Test
  void differentTimesInKeysStayDifferent() {
    LocalDate date = LocalDate.of(2020, 1, 1);

    assertThat(keyBytes(List.of(date, date)))
        .isNotEqualTo(keyBytes(List.of(date, date.plusDays(1))));
  }

  @Test
  void whatCannotBeSerialisedIsRefusedWithItsClass() {
    assertThatThrownBy(() -> codec.encodeValue(new Object(), buffer))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("class=java.lang.Object")
        .hasMessageContaining("must be Serializable");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 15, 43, 127, 128, 254, 255})
  void unknownCodecsAreUnreadable(int type) {
    buffer.startValue(4);
    buffer.setType(type);

    assertThatThrownBy(() -> codec.decodeValue(buffer))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageContaining("type=" + type);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38,
        39, 40, 41, 42
      })
  void payloadsOfAWrongLengthAreUnreadable(int type) {
    buffer.startValue(0);
    buffer.setType(type);

    assertThatThrownBy(() -> codec.decodeValue(buffer))
        .isInstanceOf(UnreadableRecordException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "28,16", "29,8", "30,8", "31,16", "34,20", "34,24", "35,20", "36,12", "37,4", "38,5", "39,2",
    "41,4", "42,3"
  })
  void payloadsThatAreNoTimeAreUnreadable(int type, int bytes) {
    Arrays.fill(buffer.startValue(bytes), 0, bytes, (byte) 0x7F);
    buffer.setType(type);

    assertThatThrownBy(() -> codec.decodeValue(buffer))
        .isInstanceOf(UnreadableRecordException.class);
  }

  @Test
  void halfACharacterIsUnreadable() {
    buffer.startValue(3);
    buffer.setType(ValueType.UTF16_STRING);

    assertThatThrownBy(() -> codec.decodeValue(buffer))
        .isInstanceOf(UnreadableRecordException.class);
  }

  @Test
  void anEmptyKeyIsUnreadable() {
    buffer.startKey(0);

    assertThatThrownBy(() -> codec.decodeKey(buffer)).isInstanceOf(UnreadableRecordException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Z", "+01:00", "UTC+1", "Europe/Atlantis", "Europe/../Berlin"})
  void zonesThatAreNoRegionAsItIsWrittenAreUnreadable(String id) {
    codec.encodeValue(id, buffer);
    buffer.setType(42);

    assertThatThrownBy(() -> codec.decodeValue(buffer))
        .isInstanceOf(UnreadableRecordException.class);
  }

  @Test
  void anOffsetThatTheZoneHasNotAtThatTimeIsUnreadable() {
    codec.encodeValue(ZonedDateTime.of(2024, 7, 1, 0, 0, 0, 0, ZoneId.of("Asia/Tokyo")), buffer);
    buffer.value()[16] ^= 0x10; // in the offset

    assertThatThrownBy(() -> codec.decodeValue(buffer))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageContaining("ZonedDateTime");
  }

  private byte[] keyBytes(Object key) {
    codec.encodeKey(key, buffer);
    return Arrays.copyOf(buffer.key(), buffer.keyLength());
  }

  private enum Body {
    WITHOUT,
    WITH {
      @Override
      public String toString() {
        return "a class of its own";
      }
    }
  }

  private record Pair(String first, String second, Long third, Long fourth)
      implements Serializable {}
}
