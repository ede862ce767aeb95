package io.pagebook.jcache.home;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The file name of a cache's book: safe on any file system, no longer than {@value #MAX_LENGTH}
 * characters, and never that of another cache. Letters, digits, {@code -}, {@code _} and inner dots
 * stand for themselves; any other character becomes {@code %XX} or {@code %uXXXX}; of what is then
 * too long, the beginning and a hash of the whole are kept.
 */
final class BookFileName {
  static final String SUFFIX = ".book";
  static final int MAX_LENGTH = 160;

  private static final int HASH_BYTES = 16;
  private static final int KEPT_LENGTH = MAX_LENGTH - SUFFIX.length() - 1 - 2 * HASH_BYTES;

  /** What the empty name becomes; no other name does, because an escape is longer. */
  private static final String EMPTY = "%";

  private static final HexFormat HEX = HexFormat.of();
  private static final int MAX_ASCII = 0x7F;

  private BookFileName() {}

  static String of(String cacheName) {
    StringBuilder encoded = new StringBuilder();
    int kept = 0;
    for (int i = 0; i < cacheName.length(); i++) {
      append(cacheName.charAt(i), i == 0, encoded);
      if (encoded.length() <= KEPT_LENGTH) {
        kept = encoded.length();
      }
    }
    if (encoded.isEmpty()) {
      encoded.append(EMPTY);
    } else if (encoded.length() + SUFFIX.length() > MAX_LENGTH) {
      encoded.setLength(kept);
      encoded.append('~').append(hash(cacheName)); // a tilde that the name had would be escaped
    }
    return encoded.append(SUFFIX).toString();
  }

  private static void append(char character, boolean first, StringBuilder target) {
    if ((character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || (character >= '0' && character <= '9')
        || character == '-'
        || character == '_'
        || (character == '.' && !first)) {
      target.append(character);
    } else if (character <= MAX_ASCII) {
      target.append('%').append(HEX.toHexDigits((byte) character));
    } else {
      target.append("%u").append(HEX.toHexDigits(character));
    }
  }

  private static String hash(String cacheName) {
    ByteBuffer characters = ByteBuffer.allocate(cacheName.length() * Character.BYTES);
    characters.asCharBuffer().put(cacheName);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(characters.array());
      return HEX.formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
