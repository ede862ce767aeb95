package io.pagebook.book;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.OwnerWord;
import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.layout.SlotLayout;
import io.pagebook.book.process.Boot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;

/**
 * All bytes of a book that nobody has open, with the side file that belongs to it: to be looked at,
 * changed, and written out as another book. Little-endian, as the book.
 */
public final class BookImage {
  private static final String SIDE_FILE = ".pagebook.locks";

  private final ByteBuffer bytes;
  private final byte[] sideFile;

  private BookImage(byte[] bytes, byte[] sideFile) {
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.sideFile = sideFile;
  }

  public static BookImage of(byte[] book, byte[] sideFile) {
    return new BookImage(book.clone(), sideFile.clone());
  }

  public static BookImage read(Path book) throws IOException {
    return new BookImage(
        Files.readAllBytes(book), Files.readAllBytes(book.resolveSibling(SIDE_FILE)));
  }

  /** The bytes that an open book at rest has now; its side file is left alone, as its locks ask. */
  public BookImage again(Path book) throws IOException {
    return new BookImage(Files.readAllBytes(book), sideFile);
  }

  public BookImage copy() {
    return new BookImage(bytes.array().clone(), sideFile);
  }

  /** Writes the book and the side file into a directory that has neither, or this one's. */
  public Path write(Path directory, String name) throws IOException {
    Files.createDirectories(directory);
    Path other = directory.resolve(SIDE_FILE);
    if (!Files.exists(other)) {
      Files.write(other, sideFile);
    }
    return Files.write(directory.resolve(name), bytes.array());
  }

  public byte[] bytes() {
    return bytes.array();
  }

  public byte[] sideFile() {
    return sideFile.clone();
  }

  public long size() {
    return bytes.capacity();
  }

  public long get(long position) {
    return bytes.getLong((int) position);
  }

  public BookImage put(long position, long value) {
    bytes.putLong((int) position, value);
    return this;
  }

  public void flip(long position, int bit) {
    bytes.put((int) position, (byte) (bytes.get((int) position) ^ 1 << bit));
  }

  public Geometry geometry() {
    return new Geometry(
        bytes.getInt(BookLayout.PAGE_SIZE_OFFSET), bytes.getInt(BookLayout.SHARDS_OFFSET));
  }

  public long pageCount() {
    return get(BookLayout.PAGE_COUNT_OFFSET);
  }

  public long fileId() {
    return get(BookLayout.FILE_ID_OFFSET);
  }

  public long state() {
    return get(BookLayout.STATE_OFFSET);
  }

  public UUID boot() {
    return new UUID(get(BookLayout.BOOT_ID_HIGH_OFFSET), get(BookLayout.BOOT_ID_LOW_OFFSET));
  }

  /** Makes it a book of another start of the machine. */
  public BookImage fromAnotherBoot() {
    return put(BookLayout.BOOT_ID_HIGH_OFFSET, 0x1122334455667788L)
        .put(BookLayout.BOOT_ID_LOW_OFFSET, 0x99AABBCCDDEEFF00L);
  }

  /** After changes to the header that are meant to be read. */
  BookImage sealed() {
    return put(BookLayout.CHECK_OFFSET, BookHeader.checkOf(bytes));
  }

  public BookImage fromThisBoot() {
    return put(BookLayout.BOOT_ID_HIGH_OFFSET, Boot.id().getMostSignificantBits())
        .put(BookLayout.BOOT_ID_LOW_OFFSET, Boot.id().getLeastSignificantBits());
  }

  /** Makes slot 0 that of a process that has closed the book. */
  public BookImage closedByFirst() {
    long at = geometry().slot(0) + SlotLayout.WORD_OFFSET;
    return put(at, SlotLayout.word(SlotLayout.STATE_EMPTY, SlotLayout.incarnation(get(at))));
  }

  /** Makes a shard's lock that of a process that was killed, and its slot what that left. */
  public BookImage lockedByKilled(int shard) {
    putKilled();
    return put(geometry().shard(shard) + ShardLayout.LOCK_OFFSET, Inside.deadOwner());
  }

  /** Fills a slot as a process would leave it that was killed; its slot 0 was used before. */
  public void putKilled() {
    long used = geometry().slot(0);
    long at = geometry().slot(Inside.DEAD_SLOT);
    for (int offset = 0; offset < SlotLayout.SLOT_BYTES; offset += Long.BYTES) {
      put(at + offset, get(used + offset));
    }
    put(at + SlotLayout.PID_OFFSET, Integer.MAX_VALUE);
    put(
        at + SlotLayout.WORD_OFFSET,
        SlotLayout.word(SlotLayout.STATE_USED, OwnerWord.incarnation(Inside.deadOwner())));
  }

  /** The map word of an extent that the killed process had reserved. */
  public static long reservedByKilled(long ownedWord) {
    return PageMapWord.reserved(
        PageMapWord.pages(ownedWord), Inside.DEAD_SLOT, Inside.DEAD_INCARNATION);
  }

  /** Where a sequence of bytes begins that is there exactly once. */
  public long find(byte[] sequence) {
    long found = -1;
    byte[] all = bytes.array();
    for (int at = 0; at + sequence.length <= all.length; at++) {
      if (all[at] == sequence[0]
          && Arrays.equals(all, at, at + sequence.length, sequence, 0, sequence.length)) {
        if (found >= 0) {
          throw new AssertionError("there twice: at=" + found + " and " + at);
        }
        found = at;
      }
    }
    if (found < 0) {
      throw new AssertionError("not there: bytes=" + sequence.length);
    }
    return found;
  }
}
