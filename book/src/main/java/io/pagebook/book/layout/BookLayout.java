package io.pagebook.book.layout;

/**
 * The header of a book, from byte 0. All numbers are little-endian; each word that several
 * processes store to in anger has a cache line of its own.
 *
 * <pre>
 *    0  magic                8  "PAGEBOOK"
 *    8  format major         4
 *   12  format minor         4
 *   16  page size, bytes     4
 *   20  shards               4
 *   24  participant slots    4
 *   28  key stripes          4
 *   32  book id              8  names the lock bytes in the side file; kept by vacuum
 *   40  file id              8  names this file; new with each vacuum
 *   48  hash seed            8
 *   56  side file id         8
 *   64  page count           8  grows
 *   72  maximum pages        8  0: no bound
 *   80  boot id, high        8  of the machine start that the file was last served under
 *   88  boot id, low         8
 *   96  maximum entries      8  0: no bound
 *  104  on full              8  {@link #ON_FULL_FAIL} or {@link #ON_FULL_EVICT}
 *  112  check                8  CRC32C of bytes 0..63, 72..79 and 96..111
 *  128  state                8  {@link #STATE_NORMAL} ...
 *  136  move target          8  file id of the file that takes over
 *  144  gate writer          8  owner word of the book-wide write lock
 *  152  gate waiting         8  owner word of the writer that waits
 *  160  gate readers         8  0: no process slot holds the book-wide read lock, or a hint that one may
 *  192  growth lock          8  owner word
 *  256  vacuum lock          8  owner word
 *  320  (zeros)            64
 *  384  free pages           8  of a bounded book: a hint, corrected when a slot is reclaimed
 * 1024  generations            one per shard, 64 bytes apart
 *       participant slots      {@link SlotLayout}
 *       key stripes            owner words, 8 bytes each
 *       shards                 {@link ShardLayout}
 *       (zeros up to a whole page, then the page map of group 0)
 * </pre>
 */
public final class BookLayout {
  public static final long MAGIC = 0x4B4F4F4245474150L; // "PAGEBOOK" as bytes
  public static final int FORMAT_MAJOR = 6;
  public static final int FORMAT_MINOR = 0;

  public static final int MAGIC_OFFSET = 0;
  public static final int FORMAT_MAJOR_OFFSET = MAGIC_OFFSET + Long.BYTES;
  public static final int FORMAT_MINOR_OFFSET = FORMAT_MAJOR_OFFSET + Integer.BYTES;
  public static final int PAGE_SIZE_OFFSET = FORMAT_MINOR_OFFSET + Integer.BYTES;
  public static final int SHARDS_OFFSET = PAGE_SIZE_OFFSET + Integer.BYTES;
  public static final int SLOTS_OFFSET = SHARDS_OFFSET + Integer.BYTES;
  public static final int STRIPES_OFFSET = SLOTS_OFFSET + Integer.BYTES;
  public static final int BOOK_ID_OFFSET = STRIPES_OFFSET + Integer.BYTES;
  public static final int FILE_ID_OFFSET = BOOK_ID_OFFSET + Long.BYTES;
  public static final int HASH_SEED_OFFSET = FILE_ID_OFFSET + Long.BYTES;
  public static final int SIDE_FILE_ID_OFFSET = HASH_SEED_OFFSET + Long.BYTES;
  public static final int PAGE_COUNT_OFFSET = SIDE_FILE_ID_OFFSET + Long.BYTES;
  public static final int MAXIMUM_PAGES_OFFSET = PAGE_COUNT_OFFSET + Long.BYTES;
  public static final int BOOT_ID_HIGH_OFFSET = MAXIMUM_PAGES_OFFSET + Long.BYTES;
  public static final int BOOT_ID_LOW_OFFSET = BOOT_ID_HIGH_OFFSET + Long.BYTES;
  public static final int MAXIMUM_ENTRIES_OFFSET = BOOT_ID_LOW_OFFSET + Long.BYTES;
  public static final int ON_FULL_OFFSET = MAXIMUM_ENTRIES_OFFSET + Long.BYTES;
  public static final int CHECK_OFFSET = ON_FULL_OFFSET + Long.BYTES;
  public static final int STATE_OFFSET = 128;
  public static final int MOVE_TARGET_OFFSET = STATE_OFFSET + Long.BYTES;
  public static final int GATE_WRITER_OFFSET = MOVE_TARGET_OFFSET + Long.BYTES;
  public static final int GATE_WAITING_OFFSET = GATE_WRITER_OFFSET + Long.BYTES;
  public static final int GATE_READERS_OFFSET = GATE_WAITING_OFFSET + Long.BYTES;
  public static final int GROWTH_LOCK_OFFSET = 192;
  public static final int VACUUM_LOCK_OFFSET = 256;
  public static final int FREE_PAGES_OFFSET = 384;
  public static final int GENERATIONS_OFFSET = 1024;

  /** A bounded book refuses what does not fit. */
  public static final long ON_FULL_FAIL = 0;

  /** A bounded book makes room by evicting records. */
  public static final long ON_FULL_EVICT = 1;

  /** The book is being served. */
  public static final long STATE_NORMAL = 1;

  /** A vacuum is about to put the move target in this file's place. */
  public static final long STATE_MOVING = 2;

  /** The move target has taken this file's place. */
  public static final long STATE_MOVED = 3;

  /** The book was destroyed. */
  public static final long STATE_DESTROYED = 4;

  /** A vacuum's new file before the old one is marked moved. */
  public static final long STATE_ARRIVING = 5;

  public static final int LINE_BYTES = 64;
  public static final int SLOTS = 1024;
  public static final int STRIPES = 1024;
  public static final int MAX_SHARDS = 128;

  private BookLayout() {}

  public static long generation(int shard) {
    return GENERATIONS_OFFSET + (long) shard * LINE_BYTES;
  }
}
