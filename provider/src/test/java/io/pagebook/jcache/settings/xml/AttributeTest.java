package io.pagebook.jcache.settings.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4096, 4096",
    "4KiB, 4096",
    "64MiB, 67108864",
    "1GiB, 1073741824",
    "2TiB, 2199023255552",
    "8388607TiB, 9223370937343148032"
  })
  void sizes(String text, long bytes) {
    assertThat(attribute(text).asSizeBytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "0s, PT0S",
    "500ms, PT0.5S",
    "10s, PT10S",
    "5m, PT5M",
    "2h, PT2H",
    "1d, PT24H",
    "PT10S, PT10S",
    "P1DT1H, PT25H",
    "365000d, PT8760000H"
  })
  void durations(String text, Duration duration) {
    assertThat(attribute(text).asDuration()).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " 1", "1 KiB", "1kib", "1KB", "1.5MiB", "+1", "-1", "\u0661", "0x10"})
  void noSizes(String text) {
    assertThatThrownBy(() -> attribute(text).asSizeBytes()).isInstanceOf(CacheException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "10 s", "1M", "1w", "-1s", "PT-1S", "PT", "10us", "1e3s"})
  void noDurations(String text) {
    assertThatThrownBy(() -> attribute(text).asDuration()).isInstanceOf(CacheException.class);
  }

  @Test
  void counts() {
    assertThat(attribute("2147483647").asCount()).isEqualTo(Integer.MAX_VALUE);
    assertThatThrownBy(() -> attribute("2147483648").asCount())
        .hasMessage(
            "value is not valid: element=book, attribute=shards, value=2147483648, file=x.xml,"
                + " line=7; use a whole number from 0 to 2147483647");
  }

  private static Attribute attribute(String value) {
    return new Attribute("book", "shards", value, new Location("x.xml", 7));
  }
}
