package io.pagebook.kryo;

import com.esotericsoftware.kryo.kryo5.KryoException;

/**
 * The sum of the lengths that one record claims for its strings, arrays and collections. Each
 * element takes a byte at least, and the length itself another, so that a sum beyond twice the
 * record's bytes is a lie: but for collections of nothing but nulls, of which there may be a few.
 */
final class Lengths {
  private static final int SLACK = 1024;

  private long sum;

  void reset() {
    sum = 0;
  }

  /**
   * Counts one length.
   *
   * @param bytes how long the record is
   * @throws KryoException if the record is too short for all that it claims
   */
  void add(int length, long bytes) {
    sum += Integer.toUnsignedLong(length);
    check(bytes);
  }

  /** Counts one length of a record that is not complete. */
  void add(int length) {
    sum += Integer.toUnsignedLong(length);
  }

  /**
   * Compares with what is allowed.
   *
   * @throws KryoException if it is more
   */
  void check(long bytes) {
    if (sum > 2 * bytes + SLACK) {
      throw new KryoException(
          "strings and collections claim more elements than there are bytes: elements="
              + sum
              + ", bytes="
              + bytes);
    }
  }
}
