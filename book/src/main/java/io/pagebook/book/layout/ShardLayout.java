package io.pagebook.book.layout;

/**
 * The header of one shard. Offsets are from {@link Geometry#shard}.
 *
 * <pre>
 *     0  lock              owner word
 *     8  intent            number of journal entries that must be applied; 0: none
 *    16  expiring          1 once a record with an expiry was written
 *    24  segments stamp    the one at which it last got or lost a segment
 *    64  level and split   level in bits 56..63, check in bits 32..55, split pointer in bits 0..31: one word, so that both are read at once
 *    72  relocations       odd while slots move
 *   128  records           number of slots in use
 *   136  live bytes        of records in the log that a slot points to, padding included
 *   144  stamp             the last one given
 *   152  log bytes         of all log extents
 *   160  large bytes       of all large-value extents
 *   168  window bytes      of records in the window log, large values included
 *   176  sketch            position of the frequency sketch, 0: none
 *   184  sketch additions  since its counters were last halved
 *   192  oldest segment    position, 0: none
 *   200  newest segment    position of the one that is appended to
 *   208  log next          where the next record goes
 *   216  log end           end of the newest segment
 *   224  window            the same four words of the window log
 *   256  index next        next unused chunk of the index extent in use
 *   264  index end         end of that extent
 *   272  overflow next     next unused bucket of the overflow chunk in use
 *   280  overflow end
 *   288  overflow free     first of a list of unused overflow buckets, linked by their meta words
 *   296  overflow count    overflow buckets on chains
 *   512  directory         128 positions of directory chunks
 *  1536  journal           288 entries of two words, {@link JournalEntry}
 *  6144  first chunk       the first 64 buckets of the index
 * </pre>
 *
 * The check of level and split: bits 40..63 of {@code (level * 2^32 + split + 1) *
 * 0x9E3779B97F4A7C15}.
 */
public final class ShardLayout {
  public static final int LOCK_OFFSET = 0;
  public static final int INTENT_OFFSET = LOCK_OFFSET + Long.BYTES;
  public static final int EXPIRING_OFFSET = INTENT_OFFSET + Long.BYTES;
  public static final int SEGMENTS_STAMP_OFFSET = EXPIRING_OFFSET + Long.BYTES;
  public static final int LEVEL_SPLIT_OFFSET = 64;
  public static final int RELOCATIONS_OFFSET = LEVEL_SPLIT_OFFSET + Long.BYTES;
  public static final int RECORDS_OFFSET = 128;
  public static final int LIVE_BYTES_OFFSET = RECORDS_OFFSET + Long.BYTES;
  public static final int STAMP_OFFSET = LIVE_BYTES_OFFSET + Long.BYTES;
  public static final int LOG_BYTES_OFFSET = STAMP_OFFSET + Long.BYTES;
  public static final int LARGE_BYTES_OFFSET = LOG_BYTES_OFFSET + Long.BYTES;
  public static final int WINDOW_BYTES_OFFSET = LARGE_BYTES_OFFSET + Long.BYTES;
  public static final int SKETCH_OFFSET = WINDOW_BYTES_OFFSET + Long.BYTES;
  public static final int SKETCH_ADDITIONS_OFFSET = SKETCH_OFFSET + Long.BYTES;
  public static final int OLDEST_SEGMENT_OFFSET = 192;
  public static final int NEWEST_SEGMENT_OFFSET = OLDEST_SEGMENT_OFFSET + Long.BYTES;
  public static final int LOG_NEXT_OFFSET = NEWEST_SEGMENT_OFFSET + Long.BYTES;
  public static final int LOG_END_OFFSET = LOG_NEXT_OFFSET + Long.BYTES;
  public static final int WINDOW_OFFSET = LOG_END_OFFSET + Long.BYTES;
  public static final int INDEX_NEXT_OFFSET = 256;
  public static final int INDEX_END_OFFSET = INDEX_NEXT_OFFSET + Long.BYTES;
  public static final int OVERFLOW_NEXT_OFFSET = INDEX_END_OFFSET + Long.BYTES;
  public static final int OVERFLOW_END_OFFSET = OVERFLOW_NEXT_OFFSET + Long.BYTES;
  public static final int OVERFLOW_FREE_OFFSET = OVERFLOW_END_OFFSET + Long.BYTES;
  public static final int OVERFLOW_COUNT_OFFSET = OVERFLOW_FREE_OFFSET + Long.BYTES;
  public static final int DIRECTORY_OFFSET = 512;
  public static final int DIRECTORY_CHUNKS = 128;
  public static final int JOURNAL_OFFSET = DIRECTORY_OFFSET + DIRECTORY_CHUNKS * Long.BYTES;
  public static final int JOURNAL_ENTRIES = 288;
  public static final int FIRST_CHUNK_OFFSET =
      JOURNAL_OFFSET + JOURNAL_ENTRIES * JournalEntry.ENTRY_BYTES;
  public static final int SHARD_BYTES = FIRST_CHUNK_OFFSET + BucketLayout.CHUNK_BYTES;

  private static final int LEVEL_SHIFT = 56;
  private static final int CHECK_SHIFT = 32;
  private static final long SPLIT_MASK = (1L << CHECK_SHIFT) - 1;

  /** 2^64 divided by the golden ratio: spreads few bits over many. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private static final int SPREAD_SHIFT = 40;

  private ShardLayout() {}

  public static long levelSplit(int level, long split) {
    long check = ((((long) level << CHECK_SHIFT | split) + 1) * SPREAD) >>> SPREAD_SHIFT;
    return (long) level << LEVEL_SHIFT | check << CHECK_SHIFT | split;
  }

  public static int level(long levelSplit) {
    return (int) (levelSplit >>> LEVEL_SHIFT);
  }

  public static long split(long levelSplit) {
    return levelSplit & SPLIT_MASK;
  }

  /** Whether a word of level and split has the check that it should have. */
  public static boolean isSound(long levelSplit) {
    return levelSplit == levelSplit(level(levelSplit), split(levelSplit));
  }
}
