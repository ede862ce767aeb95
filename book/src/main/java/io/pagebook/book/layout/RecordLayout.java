package io.pagebook.book.layout;

/**
 * One record. Immutable once a slot points to it, but for its expiry and its death.
 *
 * <pre>
 *   0  head      8  bits 0..7 flags, 8..15 value type, 16..63 stamp
 *   8  sizes     8  bits 0..31 CRC32C; 32..39 key bytes, 40..63 value bytes (0 where {@link #LONG_SIZES})
 *      [long     8  bits 0..31 key bytes, 32..63 value bytes; where {@link #LONG_SIZES}]
 *      [expiry   8  bits 0..47 milliseconds since 1970, 48..63 their check; where {@link #EXPIRES}]
 *      [extents  8  number of extents; where {@link #LARGE}]
 *      key          bytes
 *      value        bytes directly behind the key; where {@link #LARGE}: padding to 8, then one word an extent
 * </pre>
 *
 * The checksum is the CRC32C of key and value, xor {@link #headMix} of the head word as published:
 * it covers the stamp and the type, and a record that moves under a new stamp needs no second pass
 * over its value. The expiry changes in place and has a check in its own word: the complement of
 * the exclusive or of its three groups of 16 bits, which tells any damage to one byte.
 */
public final class RecordLayout {
  public static final int HEAD_OFFSET = 0;
  public static final int SIZES_OFFSET = 8;
  public static final int FIXED_BYTES = 16;

  /** An expiry word follows. */
  public static final int EXPIRES = 1;

  /** Key and value lengths have a word of their own. */
  public static final int LONG_SIZES = 2;

  /** The value is in extents of its own. */
  public static final int LARGE = 4;

  /** The key is a 32-bit ID. */
  public static final int ID_KEY = 8;

  /** No slot points here any more; the stamp's bits hold the length of the place. */
  public static final int DEAD = 16;

  /** Lengths up to these fit into the sizes word. */
  public static final int SHORT_KEY_BYTES = 0xFF;

  public static final int SHORT_VALUE_BYTES = 0xFFFFFF;

  public static final long MAX_STAMP = (1L << 48) - 1;

  /** The latest expiry there is, in the year 10889. */
  public static final long MAX_EXPIRY = (1L << 48) - 1;

  private static final int TYPE_SHIFT = 8;
  private static final int STAMP_SHIFT = 16;
  private static final int EXPIRY_CHECK_SHIFT = 48;
  private static final int KEY_SHIFT = 32;
  private static final int VALUE_SHIFT = 40;
  private static final long INT_MASK = 0xFFFFFFFFL;

  private static final int EXTENT_PAGES_SHIFT = 44;

  private RecordLayout() {}

  public static long head(long stamp, int type, int flags) {
    return (stamp << STAMP_SHIFT) | ((long) type << TYPE_SHIFT) | flags;
  }

  /**
   * The head of a place of {@code bytes} that no slot points to: one word tells its length, where a
   * live record's stamp stands.
   */
  public static long dead(long bytes) {
    return head(bytes, 0, DEAD);
  }

  public static int flags(long head) {
    return (int) head & 0xFF;
  }

  public static int type(long head) {
    return (int) (head >>> TYPE_SHIFT) & 0xFF;
  }

  public static long stamp(long head) {
    return head >>> STAMP_SHIFT;
  }

  public static long sizes(int crc, int flags, int keyBytes, int valueBytes) {
    long lengths =
        (flags & LONG_SIZES) != 0
            ? 0
            : (long) keyBytes << KEY_SHIFT | (long) valueBytes << VALUE_SHIFT;
    return lengths | (crc & INT_MASK);
  }

  public static int crc(long sizes) {
    return (int) sizes;
  }

  public static int shortKeyBytes(long sizes) {
    return (int) (sizes >>> KEY_SHIFT) & SHORT_KEY_BYTES;
  }

  public static int shortValueBytes(long sizes) {
    return (int) (sizes >>> VALUE_SHIFT);
  }

  /** A change of any one bit of the head changes this. */
  public static int headMix(long head) {
    return (int) ((head * 0x9E3779B97F4A7C15L) >>> 32);
  }

  /** The sizes word of a record whose head word changes. */
  public static long restamped(long sizes, long oldHead, long newHead) {
    return sizes ^ ((headMix(oldHead) ^ headMix(newHead)) & INT_MASK);
  }

  public static long longSizes(int keyBytes, int valueBytes) {
    return (keyBytes & INT_MASK) | (long) valueBytes << KEY_SHIFT;
  }

  public static int longKeyBytes(long longSizes) {
    return (int) longSizes;
  }

  public static int longValueBytes(long longSizes) {
    return (int) (longSizes >>> KEY_SHIFT);
  }

  /** The expiry word of a time from 0 to {@link #MAX_EXPIRY}. */
  public static long expiryWord(long millis) {
    return ~(millis ^ millis >>> 16 ^ millis >>> 32) << EXPIRY_CHECK_SHIFT | millis;
  }

  public static long expiryMillis(long expiryWord) {
    return expiryWord & MAX_EXPIRY;
  }

  public static boolean isExpirySound(long expiryWord) {
    return expiryWord == expiryWord(expiryMillis(expiryWord));
  }

  public static long expiryOffset(int flags) {
    return (long) FIXED_BYTES + ((flags & LONG_SIZES) != 0 ? Long.BYTES : 0);
  }

  public static long extentCountOffset(int flags) {
    return expiryOffset(flags) + ((flags & EXPIRES) != 0 ? Long.BYTES : 0);
  }

  public static long keyOffset(int flags) {
    return extentCountOffset(flags) + ((flags & LARGE) != 0 ? Long.BYTES : 0);
  }

  /** Where the list of extents starts; only for a {@link #LARGE} record. */
  public static long extentsOffset(int flags, int keyBytes) {
    return pad(keyOffset(flags) + keyBytes);
  }

  /** Bytes of a whole record in the log, padded. */
  public static long recordBytes(int flags, int keyBytes, int valueBytes, long extents) {
    return (flags & LARGE) != 0
        ? extentsOffset(flags, keyBytes) + extents * Long.BYTES
        : pad(keyOffset(flags) + keyBytes + valueBytes);
  }

  public static long extent(long firstPage, int pages) {
    return (long) pages << EXTENT_PAGES_SHIFT | firstPage;
  }

  public static int extentPages(long extent) {
    return (int) (extent >>> EXTENT_PAGES_SHIFT) & PageMapWord.MAX_PAGES;
  }

  public static long extentFirstPage(long extent) {
    return extent & ((1L << EXTENT_PAGES_SHIFT) - 1);
  }

  private static long pad(long bytes) {
    return (bytes + 7) & ~7L;
  }
}
