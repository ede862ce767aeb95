package io.pagebook.book;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.SideFileLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.process.Boot;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;
import java.util.zip.CRC32C;

/** What the first bytes of a book say, read and checked before anything is mapped. */
record BookHeader(
    int pageBytes,
    int shards,
    long bookId,
    long fileId,
    long hashSeed,
    long sideFileId,
    long pageCount,
    long maximumPages,
    long maximumEntries,
    long onFull,
    UUID bootId,
    long state) {

  private static final int READ_BYTES = BookLayout.GATE_WRITER_OFFSET;
  private static final int MIN_PAGE_BYTES = 1 << 10;
  private static final int MAX_PAGE_BYTES = 1 << 20;

  Geometry geometry() {
    return new Geometry(pageBytes, shards);
  }

  /** Whether the machine has not been started anew since the book was made or salvaged. */
  boolean isOfThisBoot() {
    return bootId.equals(Boot.id());
  }

  /**
   * Reads and checks the header of the file at {@code path}. Of a book that was in use before the
   * machine was started anew the end may be missing: what is left is salvaged.
   *
   * @throws NoSuchFileException if there is no file
   * @throws BookException if it is no book that this code reads
   */
  static BookHeader read(Path path) throws IOException {
    BasicFileAttributes attributes = attributes(path);
    if (!attributes.isRegularFile()) {
      String what = attributes.isDirectory() ? "a directory" : "no regular file";
      throw new BookException.NotABook(
          "the path names " + what + ": file=" + path + "; name a file for the book");
    }
    ByteBuffer bytes = ByteBuffer.allocate(READ_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    long length;
    try (RandomAccessFile file = openForReading(path)) {
      length = file.length();
      if (length < READ_BYTES) {
        throw new BookException.NotABook(
            "the file is too short to be a book: bytes="
                + length
                + ", file="
                + path
                + "; move it away or name another file");
      }
      file.readFully(bytes.array());
      length = file.length(); // behind the page count: the file grows before that does
    }
    return parse(bytes, length, path);
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      if (e instanceof NoSuchFileException || Files.isDirectory(path.resolveSibling("."))) {
        throw e;
      }
      NoSuchFileException none = new NoSuchFileException(path.toString()); // no directory either
      none.initCause(e);
      throw none;
    }
  }

  private static RandomAccessFile openForReading(Path path) throws IOException {
    try {
      return new RandomAccessFile(path.toFile(), "r");
    } catch (FileNotFoundException e) { // for whatever reason
      try {
        FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS).close();
      } catch (NoSuchFileException gone) {
        throw gone; // deleted since we looked
      } catch (IOException refused) {
        throw e;
      }
      throw new NoSuchFileException(path.toString()); // so was that, and there is another by now
    }
  }

  private static BookHeader parse(ByteBuffer bytes, long length, Path path) {
    long magic = bytes.getLong(BookLayout.MAGIC_OFFSET);
    if (magic != BookLayout.MAGIC) {
      throw new BookException.NotABook(
          "the file is not a book: magic="
              + Long.toHexString(magic)
              + ", file="
              + path
              + "; move it away or name another file");
    }
    int major = bytes.getInt(BookLayout.FORMAT_MAJOR_OFFSET);
    if (major != BookLayout.FORMAT_MAJOR) {
      String age = major > BookLayout.FORMAT_MAJOR ? "newer" : "older";
      throw new BookException.UnsupportedVersion(
          "the book has a "
              + age
              + " format version: version="
              + major
              + ", supported="
              + BookLayout.FORMAT_MAJOR
              + ", file="
              + path
              + "; use the release that wrote it, or another file");
    }
    BookHeader header =
        new BookHeader(
            bytes.getInt(BookLayout.PAGE_SIZE_OFFSET),
            bytes.getInt(BookLayout.SHARDS_OFFSET),
            bytes.getLong(BookLayout.BOOK_ID_OFFSET),
            bytes.getLong(BookLayout.FILE_ID_OFFSET),
            bytes.getLong(BookLayout.HASH_SEED_OFFSET),
            bytes.getLong(BookLayout.SIDE_FILE_ID_OFFSET),
            bytes.getLong(BookLayout.PAGE_COUNT_OFFSET),
            bytes.getLong(BookLayout.MAXIMUM_PAGES_OFFSET),
            bytes.getLong(BookLayout.MAXIMUM_ENTRIES_OFFSET),
            bytes.getLong(BookLayout.ON_FULL_OFFSET),
            new UUID(
                bytes.getLong(BookLayout.BOOT_ID_HIGH_OFFSET),
                bytes.getLong(BookLayout.BOOT_ID_LOW_OFFSET)),
            bytes.getLong(BookLayout.STATE_OFFSET));
    header.check("pageBytes", header.pageBytes, isPageSize(header.pageBytes), path);
    header.check(
        "shards",
        header.shards,
        Integer.bitCount(header.shards) == 1
            && header.shards <= BookLayout.MAX_SHARDS
            && header.shards > 0,
        path);
    header.check("bookId", header.bookId, header.bookId >>> SideFileLayout.ID_BITS == 0, path);
    int slots = bytes.getInt(BookLayout.SLOTS_OFFSET);
    header.check("slots", slots, slots == BookLayout.SLOTS, path);
    int stripes = bytes.getInt(BookLayout.STRIPES_OFFSET);
    header.check("stripes", stripes, stripes == BookLayout.STRIPES, path);
    header.check(
        "state",
        header.state,
        header.state >= BookLayout.STATE_NORMAL && header.state <= BookLayout.STATE_ARRIVING,
        path);
    header.check("maximumPages", header.maximumPages, header.maximumPages >= 0, path);
    header.check("maximumEntries", header.maximumEntries, header.maximumEntries >= 0, path);
    header.check(
        "onFull",
        header.onFull,
        header.onFull == BookLayout.ON_FULL_FAIL || header.onFull == BookLayout.ON_FULL_EVICT,
        path);
    header.check(
        "pageCount",
        header.pageCount,
        header.pageCount >= header.geometry().smallestPageCount(),
        path);
    long check = bytes.getLong(BookLayout.CHECK_OFFSET);
    header.check("check", check, check == checkOf(bytes), path);
    if (header.pageCount > length / header.pageBytes && header.isOfThisBoot()) {
      throw new BookException.Corrupt(
          "the book is truncated: pageCount="
              + header.pageCount
              + ", pageBytes="
              + header.pageBytes
              + ", fileBytes="
              + length
              + ", file="
              + path
              + "; restore a copy, or delete the file");
    }
    return header;
  }

  /** Stores the check of what a file's header says. */
  static void seal(PageMemory memory) {
    byte[] bytes = new byte[BookLayout.CHECK_OFFSET];
    memory.copyOut(0, bytes, 0, bytes.length);
    memory.putLongVolatile(BookLayout.CHECK_OFFSET, checkOf(ByteBuffer.wrap(bytes)));
  }

  /** Of all that does not change while a file serves, but for the boot ID. */
  static long checkOf(ByteBuffer header) {
    CRC32C crc = new CRC32C();
    crc.update(header.slice(0, BookLayout.PAGE_COUNT_OFFSET));
    crc.update(header.slice(BookLayout.MAXIMUM_PAGES_OFFSET, Long.BYTES));
    crc.update(header.slice(BookLayout.MAXIMUM_ENTRIES_OFFSET, 2 * Long.BYTES));
    return crc.getValue();
  }

  private static boolean isPageSize(int bytes) {
    return Integer.bitCount(bytes) == 1 && bytes >= MIN_PAGE_BYTES && bytes <= MAX_PAGE_BYTES;
  }

  private void check(String field, long value, boolean sound, Path path) {
    if (!sound) {
      throw new BookException.Corrupt(
          "the header of the book is damaged: "
              + field
              + "="
              + value
              + ", file="
              + path
              + "; restore a copy, or delete the file");
    }
  }
}
