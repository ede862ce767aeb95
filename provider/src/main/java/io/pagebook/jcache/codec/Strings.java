package io.pagebook.jcache.codec;

import io.pagebook.book.BookException;
import java.nio.charset.StandardCharsets;

/**
 * Strings as bytes: ISO-8859-1 where every character fits, else the UTF-16 code units,
 * little-endian, so that unpaired surrogates survive.
 */
final class Strings {
  private static final int MAX_LATIN1 = 0xFF;
  private static final int MAX_UTF16_LENGTH = (Integer.MAX_VALUE - 64) / Character.BYTES;

  private Strings() {}

  /** Writes one byte a character; false, and the target half written, if one does not fit. */
  static boolean writeLatin1(String value, byte[] target, int index) {
    int length = value.length();
    for (int i = 0; i < length; i++) {
      char character = value.charAt(i);
      if (character > MAX_LATIN1) {
        return false;
      }
      target[index + i] = (byte) character;
    }
    return true;
  }

  static String readLatin1(byte[] source, int index, int bytes) {
    return new String(source, index, bytes, StandardCharsets.ISO_8859_1);
  }

  /**
   * The bytes of a string's UTF-16 code units.
   *
   * @throws BookException.TooLarge if no array can hold them
   */
  static int utf16Bytes(String value) {
    if (value.length() > MAX_UTF16_LENGTH) {
      throw new BookException.TooLarge(
          "the string is too long: characters=" + value.length() + ", most=" + MAX_UTF16_LENGTH);
    }
    return value.length() * Character.BYTES;
  }

  static void writeUtf16(String value, byte[] target, int index) {
    for (int i = 0; i < value.length(); i++) {
      Bits.setChar(target, index + i * Character.BYTES, value.charAt(i));
    }
  }

  static String readUtf16(byte[] source, int index, int bytes) {
    if (bytes % Character.BYTES != 0) {
      throw new UnreadableRecordException(
          "UTF-16 string with half a character: bytes=" + bytes, null);
    }
    char[] characters = new char[bytes / Character.BYTES];
    for (int i = 0; i < characters.length; i++) {
      characters[i] = Bits.getChar(source, index + i * Character.BYTES);
    }
    return new String(characters);
  }
}
