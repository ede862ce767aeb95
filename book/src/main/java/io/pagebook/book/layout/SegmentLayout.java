package io.pagebook.book.layout;

/**
 * The first line of a log extent. Records follow, each padded to a multiple of 8 bytes.
 *
 * <pre>
 *   0  mark          8  {@link #mark}: tells a segment of this shard
 *   8  next          8  position of the next newer segment, 0: none
 *  16  previous      8  position of the next older segment, 0: none
 *  24  end           8  where the last record ends; for the newest segment see the shard's log next
 *  32  number        8  rising and unique within the shard: taken from the stamps
 *  40  log           8  {@link #MAIN} or {@link #WINDOW}
 * </pre>
 */
public final class SegmentLayout {
  public static final int MARK_OFFSET = 0;
  public static final int NEXT_OFFSET = MARK_OFFSET + Long.BYTES;
  public static final int PREVIOUS_OFFSET = NEXT_OFFSET + Long.BYTES;
  public static final int END_OFFSET = PREVIOUS_OFFSET + Long.BYTES;
  public static final int NUMBER_OFFSET = END_OFFSET + Long.BYTES;
  public static final int LOG_OFFSET = NUMBER_OFFSET + Long.BYTES;
  public static final int HEADER_BYTES = 64;

  /** The log of all records, in a book that evicts of those that proved themselves. */
  public static final int MAIN = 0;

  /** The log of new records, in a book that evicts. */
  public static final int WINDOW = 1;

  private static final long MARK = 0x53474D5400000000L; // "SGMT" above the shard

  private SegmentLayout() {}

  public static long mark(int shard) {
    return MARK | shard;
  }
}
