package io.pagebook.book;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;

/**
 * The 64-bit hash of keys, XXH3 with the book's seed: nobody who does not know the seed can choose
 * keys that collide. An ID hashes like its four bytes, turned by a constant, so that it is no
 * neighbour of the same four bytes as a key. A key of at most 15 bytes hashes like 16: the key,
 * zeros, and its length in the last one.
 */
/*
 * So a short key is hashed from two words, as it was most likely stored. XXH3 of nine bytes would load words that overlap, which no store
 * buffer can serve: the load would wait until all that went before has left the processor, the cache misses of the read before included.
 */
final class KeyHash {
  private static final long ID_TURN = 0x9E3779B97F4A7C15L;

  private static final int SHORT_BYTES = 15;
  private static final int LENGTH_SHIFT = 56;

  private final Hasher64 hasher;

  KeyHash(long seed) {
    hasher = Hashing.xxh3_64(seed);
  }

  long of(RecordBuffer buffer) {
    if (buffer.keyIsId()) {
      return hasher.hashIntToLong(buffer.id()) ^ ID_TURN;
    }
    int length = buffer.keyLength();
    if (length > SHORT_BYTES) {
      return hasher.hashBytesToLong(buffer.key(), 0, length);
    }
    long first = buffer.keyLong(0);
    long second = 0;
    if (length < Long.BYTES) {
      first &= lowBytes(length);
    } else {
      second = buffer.keyLong(Long.BYTES) & lowBytes(length - Long.BYTES);
    }
    return hasher.hashLongLongToLong(first, second | ((long) length << LENGTH_SHIFT));
  }

  private static long lowBytes(int bytes) {
    return (1L << (bytes * Byte.SIZE)) - 1;
  }
}
