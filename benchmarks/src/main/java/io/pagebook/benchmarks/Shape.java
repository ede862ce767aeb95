package io.pagebook.benchmarks;

/**
 * What a store is filled with.
 *
 * @param valueBytes the length of each value; a character counts as one byte
 */
record Shape<V>(int entries, int valueBytes, ValueForm<V> form) {
  /** The usual length of values. */
  static final int USUAL_BYTES = 100;

  /** Room for the longest key and a little more. */
  static final int LEAST_BYTES = 16;

  private static final int USUAL_ENTRIES = 1_000_000;
  private static final int TEXT_BELOW_BYTES = 1 << 20;
  private static final long DATA_BYTES = 1L << 30;

  static Shape<?> of(int entries, int valueBytes) {
    return valueBytes < TEXT_BELOW_BYTES
        ? new Shape<>(entries, valueBytes, new TextForm())
        : new Shape<>(entries, valueBytes, new BytesForm());
  }

  /** Strings of the usual length. */
  static Shape<String> usual(int entries) {
    return new Shape<>(entries, USUAL_BYTES, new TextForm());
  }

  /** A million, or as many as make 1 GiB of values. */
  static int usualEntries(int valueBytes) {
    return (int) Math.min(USUAL_ENTRIES, DATA_BYTES / valueBytes);
  }

  /**
   * Room that surely suffices for all entries, for stores that must be told.
   *
   * @param overheadBytes what such a store adds to each entry at the most
   */
  long roomBytes(int overheadBytes) {
    return (long) entries * (valueBytes + overheadBytes);
  }

  /** The same in MiB, rounded up. */
  int roomMiB(int overheadBytes) {
    return (int) (roomBytes(overheadBytes) >> 20) + 1;
  }

  /**
   * What a loaded store holds of entry {@code n}: the number, filled up to the length of all
   * values.
   */
  V initialValue(int n) {
    String number = Integer.toString(n);
    return form.of(number + "-".repeat(valueBytes - number.length()));
  }
}
