package io.pagebook.jcache.near;

import io.pagebook.book.RecordBuffer;
import java.util.Arrays;

/** A key that somebody might change, as the bytes under which the book has it. */
final class KeyBytes {
  private final byte[] bytes;
  private final int length;
  private final int hash;

  private KeyBytes(byte[] bytes, int length, int hash) {
    this.bytes = bytes;
    this.length = length;
    this.hash = hash;
  }

  /** The key of a buffer, for as long as the buffer keeps it. */
  static KeyBytes of(RecordBuffer record) {
    int hash = 1;
    for (int i = 0; i < record.keyLength(); i++) {
      hash = 31 * hash + record.key()[i];
    }
    return new KeyBytes(record.key(), record.keyLength(), hash);
  }

  /** The same key in an array of its own. */
  KeyBytes copy() {
    return new KeyBytes(Arrays.copyOf(bytes, length), length, hash);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof KeyBytes other
        && hash == other.hash
        && Arrays.equals(bytes, 0, length, other.bytes, 0, other.length);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
