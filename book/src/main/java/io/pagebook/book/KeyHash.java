package io.pagebook.book;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;

/**
 * The 64-bit hash of keys, XXH3 with the book's seed: nobody who does not know the seed can choose
 * keys that collide. An ID hashes like its four bytes, turned by a constant, so that it is no
 * neighbour of the same four bytes as a key.
 */
final class KeyHash {
  private static final long ID_TURN = 0x9E3779B97F4A7C15L;

  private final Hasher64 hasher;

  KeyHash(long seed) {
    hasher = Hashing.xxh3_64(seed);
  }

  long of(RecordBuffer buffer) {
    long hash = hasher.hashBytesToLong(buffer.key(), 0, buffer.keyLength());
    return buffer.keyIsId() ? hash ^ ID_TURN : hash;
  }
}
