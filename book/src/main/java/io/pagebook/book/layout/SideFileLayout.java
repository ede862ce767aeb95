package io.pagebook.book.layout;

/**
 * The side file of a directory, 16 bytes. Its numbers are big-endian, unlike those of a book.
 *
 * <pre>
 *   0  mark          8  "SKCOLBPG"
 *   8  side file id  8  random, of 50 bits; the header of each book of the directory repeats it
 *  16  (end)
 * </pre>
 *
 * Behind the end nothing is ever written, but kernel locks are held, each on one byte. A book has
 * the 4,096 positions from {@code book id * 4096} on:
 *
 * <pre>
 *      0..1023  the holder of that participant slot lives
 *      1024     the right to create, replace or repair the file of the book
 *   1025..4095  (unused)
 * </pre>
 */
public final class SideFileLayout {
  public static final long MARK = 0x534B434F4C425047L; // "SKCOLBPG" as bytes, big-endian

  public static final int MARK_OFFSET = 0;
  public static final int ID_OFFSET = MARK_OFFSET + Long.BYTES;
  public static final int FILE_BYTES = ID_OFFSET + Long.BYTES;

  /** So many bits has a random ID: each lock byte of a book with one is at a file position. */
  public static final int ID_BITS = 50;

  private static final int BOOK_SHIFT = 12;

  private SideFileLayout() {}

  /** The byte that the holder of a slot keeps locked. */
  public static long lockPosition(long bookId, int slot) {
    return bookId << BOOK_SHIFT | slot;
  }

  /**
   * The byte that stands for the right to create, replace or repair the file of a book as a whole.
   */
  public static long maintenancePosition(long bookId) {
    return lockPosition(bookId, BookLayout.SLOTS);
  }
}
