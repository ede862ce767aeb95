package io.pagebook.kryo;

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

  /** Counts one length. */
  void add(int length) {
    sum += Integer.toUnsignedLong(length);
  }

  /** Whether a record of that length claims too much. */
  boolean exceed(long bytes) {
    return sum > 2 * bytes + SLACK;
  }
}
