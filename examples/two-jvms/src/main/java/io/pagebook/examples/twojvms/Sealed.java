package io.pagebook.examples.twojvms;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * Values that prove themselves: {@code number:filling:checksum}, so that a mixture of two is found
 * out.
 */
final class Sealed {
  private static final int BIG = 100_000;

  private Sealed() {}

  /**
   * The value for {@code number}: a few hundred characters, and for every hundredth number a
   * hundred thousand.
   */
  static String of(int number) {
    int length = number % 100 == 0 ? BIG : 10 + number % 500;
    String text = number + ":" + String.valueOf((char) ('a' + number % 26)).repeat(length);
    return text + ":" + checksum(text);
  }

  /** The number of a value that is whole, or -1. */
  static int number(String value) {
    int end = value.lastIndexOf(':');
    if (end < 0 || !value.substring(end + 1).equals(checksum(value.substring(0, end)))) {
      return -1;
    }
    return Integer.parseInt(value.substring(0, value.indexOf(':')));
  }

  static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }
}
