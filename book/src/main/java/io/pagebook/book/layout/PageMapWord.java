package io.pagebook.book.layout;

/**
 * What one page belongs to. The first page of an extent (a run of pages with one owner) tells the
 * owner; each further page points back to the first. The pages of a log count what lives in them:
 * to replace a record, the head of its segment need not be found.
 *
 * <pre>
 *   bits 60..63  kind
 *   RESERVED     bits 44..59 pages, 32..43 slot, 0..31 incarnation: taken by a process, not yet by a shard
 *   LOG, LARGE,  bits 44..59 pages, 0..15 shard
 *   INDEX, SKETCH
 *   TAIL         bits 44..59 distance to the first page of the extent
 *   LOG_TAIL     bits 44..59 the same, 0..15 shard
 *   LOG and      bits 16..43 bytes / 8 of the records that begin in the page and that a slot
 *   LOG_TAIL     points to
 * </pre>
 */
public final class PageMapWord {
  public static final int WORD_BYTES = 8;
  public static final int MAX_PAGES = 0xFFFF;
  public static final long FREE = 0;

  public static final int KIND_FREE = 0;
  public static final int KIND_RESERVED = 1;
  public static final int KIND_LOG = 2;
  public static final int KIND_LARGE = 3;
  public static final int KIND_INDEX = 4;
  public static final int KIND_TAIL = 5;

  public static final int KIND_SKETCH = 6;
  public static final int KIND_LOG_TAIL = 7;

  private static final int KIND_SHIFT = 60;
  private static final int PAGES_SHIFT = 44;
  private static final int SLOT_SHIFT = 32;
  private static final int SLOT_MASK = 0xFFF;
  private static final long INCARNATION_MASK = (1L << SLOT_SHIFT) - 1;
  private static final int LIVE_SHIFT = 16;
  private static final int LIVE_UNIT_SHIFT = 3;
  private static final long LIVE_MASK = (1L << PAGES_SHIFT) - (1L << LIVE_SHIFT);

  private PageMapWord() {}

  public static long reserved(int pages, int slot, long incarnation) {
    return (long) KIND_RESERVED << KIND_SHIFT
        | (long) pages << PAGES_SHIFT
        | (long) slot << SLOT_SHIFT
        | (incarnation & INCARNATION_MASK);
  }

  public static long owned(int kind, int pages, int shard) {
    return (long) kind << KIND_SHIFT | (long) pages << PAGES_SHIFT | shard;
  }

  /** The word of a page so many pages behind the first of its extent. */
  public static long tail(long distance) {
    return (long) KIND_TAIL << KIND_SHIFT | distance << PAGES_SHIFT;
  }

  public static int kind(long word) {
    return (int) (word >>> KIND_SHIFT);
  }

  public static int pages(long word) {
    return (int) (word >>> PAGES_SHIFT) & MAX_PAGES;
  }

  public static int shard(long word) {
    return (int) word & 0xFFFF;
  }

  public static int slot(long word) {
    return (int) (word >>> SLOT_SHIFT) & SLOT_MASK;
  }

  public static long incarnation(long word) {
    return word & INCARNATION_MASK;
  }

  /** The same in a segment of a shard's log, where nothing is alive. */
  public static long logTail(long distance, int shard) {
    return (long) KIND_LOG_TAIL << KIND_SHIFT | distance << PAGES_SHIFT | shard;
  }

  /** Whether a word is of a page so many pages behind the first of its extent, of whatever kind. */
  public static boolean isTail(long word, long distance) {
    return (kind(word) == KIND_TAIL || kind(word) == KIND_LOG_TAIL) && pages(word) == distance;
  }

  /** The first page of the extent that a page with this word, a tail, belongs to. */
  public static long firstPage(long page, long word) {
    return page - pages(word);
  }

  /** Whether a word is that of a page of a shard's log. */
  public static boolean isOfLog(long word, int shard) {
    return (kind(word) == KIND_LOG || kind(word) == KIND_LOG_TAIL) && shard(word) == shard;
  }

  /** Bytes of live records that begin in a page of a log. */
  public static long liveBytes(long word) {
    return (word & LIVE_MASK) >>> LIVE_SHIFT << LIVE_UNIT_SHIFT;
  }

  /** The word with as many bytes of live records more; nothing else in it changes. */
  public static long addLiveBytes(long word, long bytes) {
    return withoutLiveBytes(word) | ((word + (bytes >> LIVE_UNIT_SHIFT << LIVE_SHIFT)) & LIVE_MASK);
  }

  /** The word as it is where nothing is alive in its page. */
  public static long withoutLiveBytes(long word) {
    return word & ~LIVE_MASK;
  }
}
