package io.pagebook.book.layout;

/**
 * What one page belongs to. The first page of an extent (a run of pages with one owner) tells the
 * owner; each further page points back to the first.
 *
 * <pre>
 *   bits 60..63  kind
 *   RESERVED     bits 44..59 pages, 32..43 slot, 0..31 incarnation: taken by a process, not yet by a shard
 *   LOG, LARGE,  bits 44..59 pages, 0..15 shard
 *   INDEX, SKETCH
 *   TAIL         bits 0..43 first page of the extent
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

  private static final int KIND_SHIFT = 60;
  private static final int PAGES_SHIFT = 44;
  private static final int SLOT_SHIFT = 32;
  private static final int SLOT_MASK = 0xFFF;
  private static final long INCARNATION_MASK = (1L << SLOT_SHIFT) - 1;
  private static final long FIRST_MASK = (1L << PAGES_SHIFT) - 1;

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

  public static long tail(long firstPage) {
    return (long) KIND_TAIL << KIND_SHIFT | firstPage;
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

  public static long firstPage(long word) {
    return word & FIRST_MASK;
  }
}
