package io.pagebook.book;

import io.pagebook.book.layout.RecordLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A reusable carrier of one key and one record between a caller and the {@link RecordStore}: the
 * caller fills the key (and, for a write, the value, type and expiry), the store fills the rest.
 * The arrays grow as needed and are handed out without a copy: what they hold is valid until the
 * next call that takes this buffer. Not thread-safe; keep one per thread.
 */
public final class RecordBuffer {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** An expiry that never comes. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final int INITIAL_CAPACITY = 256;

  /** What a reset keeps, so that one huge value does not stay with a thread for ever. */
  static final int RETAINED_CAPACITY = 1 << 16;

  /** Keys are compared eight bytes at a time: the array always reaches that far beyond the key. */
  private static final int KEY_SLACK = Long.BYTES;

  private byte[] key = new byte[64];
  private int keyLength;
  private boolean keyIsId;
  private byte[] value = new byte[INITIAL_CAPACITY];
  private int valueLength;
  private int type;
  private long expiryMillis = NEVER;
  private long stamp;
  private int shard;
  private long generation;
  private int keyOffsetGuess = RecordLayout.FIXED_BYTES;
  private final CRC32C crc = new CRC32C();

  /** An empty buffer. */
  public RecordBuffer() {}

  /** Makes the key the 32-bit ID {@code id}. */
  public void setId(int id) {
    LONG.set(key, 0, id & 0xFFFFFFFFL); // a whole word: it is loaded as such
    keyLength = Integer.BYTES;
    keyIsId = true;
  }

  /** The key as an ID; only where {@link #keyIsId()}. */
  public int id() {
    return (int) INT.get(key, 0);
  }

  /** Whether the key is a 32-bit ID rather than a string of bytes. */
  public boolean keyIsId() {
    return keyIsId;
  }

  /**
   * Makes the key a string of 9 to 16 bytes, given as two words, little-endian; what is beyond its
   * length does not matter. Faster than {@link #startKey} for those who have it so.
   */
  public void setKey(long first, long second, int length) {
    LONG.set(key, 0, first);
    LONG.set(key, Long.BYTES, second);
    keyLength = length;
    keyIsId = false;
  }

  /**
   * Makes the key a string of {@code length} bytes and returns the array to write them to, from
   * index 0.
   */
  public byte[] startKey(int length) {
    if (key.length < length + KEY_SLACK) {
      key = new byte[Math.max(length + KEY_SLACK, 2 * key.length)];
    }
    keyLength = length;
    keyIsId = false;
    return key;
  }

  /** Makes the key a copy of {@code bytes}. */
  public void setKey(byte[] bytes) {
    System.arraycopy(bytes, 0, startKey(bytes.length), 0, bytes.length);
  }

  /** The array that holds the key, from index 0. */
  public byte[] key() {
    return key;
  }

  public int keyLength() {
    return keyLength;
  }

  /**
   * Makes the value {@code length} bytes long and returns the array to write them to, from index 0.
   */
  public byte[] startValue(int length) {
    if (value.length < length) {
      value = new byte[length <= RETAINED_CAPACITY ? Math.max(length, 2 * value.length) : length];
    }
    valueLength = length;
    return value;
  }

  /**
   * Makes {@code bytes} itself the value, without a copy; the caller leaves it alone until the
   * write is done.
   */
  public void wrapValue(byte[] bytes, int length) {
    value = bytes;
    valueLength = length;
  }

  /** The array that holds the value, from index 0; at least {@link #valueLength()} long. */
  public byte[] value() {
    return value;
  }

  public int valueLength() {
    return valueLength;
  }

  /**
   * A copy of the value, or the array itself where it has just the right length and need not be
   * kept.
   */
  public byte[] takeValue() {
    if (value.length == valueLength && valueLength > RETAINED_CAPACITY) {
      byte[] taken = value;
      value = new byte[INITIAL_CAPACITY];
      return taken;
    }
    return Arrays.copyOf(value, valueLength);
  }

  /** Lets go of the value array, whatever its size. */
  public void dropValue() {
    value = new byte[INITIAL_CAPACITY];
    valueLength = 0;
  }

  /** Lets go of an outsized value array; the value counts as gone in any case. */
  public void releaseValue() {
    if (value.length > RETAINED_CAPACITY) {
      dropValue();
    }
  }

  /** The codec of the value, 0 to 255, kept with the record: see {@link ValueType}. */
  public int type() {
    return type;
  }

  public void setType(int newType) {
    type = newType;
  }

  /** When the record expires, in milliseconds since 1970; {@link #NEVER} if it does not. */
  public long expiryMillis() {
    return expiryMillis;
  }

  /**
   * Sets when the record expires. Earlier than 1970 counts as 1970, later than 2^48 - 1, in the
   * year 10889, as that.
   */
  public void setExpiryMillis(long millis) {
    expiryMillis = storableExpiry(millis);
  }

  static long storableExpiry(long millis) {
    return millis == NEVER ? NEVER : Math.max(0, Math.min(millis, RecordLayout.MAX_EXPIRY));
  }

  public boolean isExpired(long nowMillis) {
    return nowMillis >= expiryMillis;
  }

  /**
   * The version of the record, unique within its key: never reused, never 0; 0 means there was no
   * record.
   */
  public long stamp() {
    return stamp;
  }

  /** The shard that a read with its generation went to, for {@link RecordStore#isCurrent}. */
  public int shard() {
    return shard;
  }

  /**
   * The generation of the shard when a read with its generation began; odd if a write was under
   * way, so that what was read cannot be called current.
   */
  public long generation() {
    return generation;
  }

  /**
   * Eight bytes of the key from {@code index}, little-endian; those beyond the key's end are
   * undefined.
   */
  public long keyLong(int index) {
    return (long) LONG.get(key, index);
  }

  /** For the store: where in its record the key of the record read last began. */
  public int keyOffsetGuess() {
    return keyOffsetGuess;
  }

  /** For the store: see {@link #keyOffsetGuess()}. */
  public void guessKeyOffset(int offset) {
    keyOffsetGuess = offset;
  }

  /** For the store: the key that is set is an ID of four bytes. */
  public void markKeyAsId() {
    keyIsId = true;
  }

  /** For the store: the length of a value that was not read. */
  public void setValueLength(int length) {
    valueLength = length;
  }

  /** For the store: what it found with the record, apart from the value. */
  public void setFound(int foundType, long foundExpiryMillis, long foundStamp) {
    type = foundType;
    expiryMillis = foundExpiryMillis;
    stamp = foundStamp;
  }

  /** For the store: where and when the read began. */
  void setReadAt(int shardOfKey, long generationBefore) {
    shard = shardOfKey;
    generation = generationBefore;
  }

  /**
   * For the store: begins the record's checksum, CRC32C over key and value; the slow part of it.
   */
  public void startChecksum() {
    crc.reset();
    crc.update(key, 0, keyLength);
    crc.update(value, 0, valueLength);
  }

  /**
   * For the store: ends the checksum that {@link #startChecksum()} began with the record's head
   * word.
   */
  public int finishChecksum(long head) {
    return (int) crc.getValue() ^ RecordLayout.headMix(head);
  }
}
