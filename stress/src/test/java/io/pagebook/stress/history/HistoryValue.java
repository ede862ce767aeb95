package io.pagebook.stress.history;

import io.pagebook.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The text that stands for a number in a cache: number, key, a filler that they determine, and a
 * checksum, so that it cannot be mistaken for part of itself or for a mixture of two.
 */
final class HistoryValue {
  /** The number of a text that nobody has written. */
  static final long TORN = -1;

  private static final HexFormat HEX = HexFormat.of();
  private static final int HEAD = 24;
  private static final int CHECKSUM = 8;

  private HistoryValue() {}

  /** The text of a number that is written under {@code key}: mostly short, sometimes very long. */
  static String text(long number, int key) {
    int filler = filler(number);
    StringBuilder text = new StringBuilder(HEAD + filler + CHECKSUM);
    text.append(HEX.toHexDigits(number)).append(HEX.toHexDigits(key));
    String pattern = HEX.toHexDigits(Seeds.mix(number ^ key));
    while (text.length() < HEAD + filler) {
      text.append(pattern, 0, Math.min(pattern.length(), HEAD + filler - text.length()));
    }
    return text.append(checksum(text)).toString();
  }

  /** The number that a text stands for under {@code key}. */
  static long number(@Nullable String text, int key) {
    if (text == null) {
      return Kind.ABSENT;
    }
    int end = text.length() - CHECKSUM;
    if (end < HEAD || !text.substring(end).equals(checksum(text.subSequence(0, end)))) {
      return TORN;
    }
    long number = HexFormat.fromHexDigitsToLong(text, 0, 16);
    return text.equals(text(number, key)) ? number : TORN;
  }

  private static int filler(long number) {
    long dice = Seeds.mix(number);
    int most = (dice & 0xFF) == 0 ? 100_000 : (dice & 0xF) == 0 ? 10_000 : 300;
    return (int) ((dice >>> 8) % most & Integer.MAX_VALUE) % most;
  }

  private static String checksum(CharSequence text) {
    CRC32C crc = new CRC32C();
    crc.update(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    return HEX.toHexDigits((int) crc.getValue());
  }
}
