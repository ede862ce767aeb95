package io.pagebook.book.shard;

import io.pagebook.book.BookException;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.RecordLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.page.PagePool;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way into a shard: its layout, its checksum, and, for a large value, the extents
 * that already hold it. Made without a lock; closing it gives back extents that no shard adopted.
 */
final class NewRecord implements AutoCloseable {
  /** Values above this size get extents of their own. */
  static final int LARGE_VALUE_BYTES = 1 << 15;

  /**
   * No extent is smaller than this many pages, unless it is the last one: else the list gets long.
   */
  private static final int LEAST_EXTENT_PAGES = 16;

  private static final long[] NO_EXTENTS = {};

  private final PagePool pool;
  private final long hash;
  private final int flags;
  private final int keyBytes;
  private final int valueBytes;
  private final long bytes;
  private final long[] extents;
  private final long largeBytes;
  private boolean adopted;
  private boolean mayMoveOthers = true;
  private long stamp;
  private @Nullable RecordLog log;

  private NewRecord(
      StoreContext context, long hash, int flags, int keyBytes, int valueBytes, long[] extents) {
    this.pool = context.pool();
    this.hash = hash;
    this.flags = flags;
    this.keyBytes = keyBytes;
    this.valueBytes = valueBytes;
    this.extents = extents;
    this.bytes = RecordLayout.recordBytes(flags, keyBytes, valueBytes, extents.length);
    long sum = 0;
    for (long extent : extents) {
      sum += context.geometry().position(RecordLayout.extentPages(extent));
    }
    this.largeBytes = sum;
  }

  static NewRecord prepare(StoreContext context, RecordBuffer buffer, long hash) {
    int keyBytes = buffer.keyLength();
    int valueBytes = buffer.valueLength();
    int flags = buffer.keyIsId() ? RecordLayout.ID_KEY : 0;
    if (buffer.expiryMillis() != RecordBuffer.NEVER) {
      flags |= RecordLayout.EXPIRES;
    }
    boolean large = isLarge(context, buffer);
    if (large) {
      flags |= RecordLayout.LARGE;
    }
    if (large
        || keyBytes > RecordLayout.SHORT_KEY_BYTES
        || valueBytes > RecordLayout.SHORT_VALUE_BYTES) {
      flags |= RecordLayout.LONG_SIZES;
    }
    refuseTooLarge(context, buffer);
    long most = RecordLog.maxRecordBytes(context.geometry());
    if (RecordLayout.recordBytes(flags, keyBytes, large ? 0 : valueBytes, 0) > most) {
      throw tooLarge(context, buffer);
    }
    long[] extents = large ? writeLarge(context, buffer, most, flags) : NO_EXTENTS;
    NewRecord record = new NewRecord(context, hash, flags, keyBytes, valueBytes, extents);
    buffer.startChecksum();
    return record;
  }

  /** Whether the buffer's value gets extents of its own, which are reserved without a lock. */
  static boolean isLarge(StoreContext context, RecordBuffer buffer) {
    return buffer.valueLength() > largestInLog(context);
  }

  /**
   * Values above this size get extents of their own; in a book that evicts they do so early, for it
   * finds single pages more easily than a long row of them.
   */
  private static long largestInLog(StoreContext context) {
    long maximum = context.pool().maximumPages();
    if (maximum == 0 || !context.bounds().evicts()) {
      return LARGE_VALUE_BYTES;
    }
    Geometry geometry = context.geometry();
    return Math.min(
        LARGE_VALUE_BYTES, geometry.position(RecordLog.mostPages(maximum, geometry)) / 2);
  }

  /**
   * One record may take up to half of a book that evicts: it does not drive out everything else.
   */
  private static void refuseTooLarge(StoreContext context, RecordBuffer buffer) {
    long maximum = context.pool().maximumPages();
    if (maximum != 0) {
      Geometry geometry = context.geometry();
      boolean evicts = context.bounds().evicts();
      long room = geometry.position(geometry.dataPages(maximum)) / (evicts ? 2 : 1);
      if ((long) buffer.keyLength() + buffer.valueLength() > room) {
        throw new BookException.TooLarge(
            "the record is larger than "
                + (evicts ? "half of this book" : "this book can ever be")
                + ": keyBytes="
                + buffer.keyLength()
                + ", valueBytes="
                + buffer.valueLength()
                + ", mostBytes="
                + room
                + ", file="
                + context.memory().path()
                + "; create the book with a larger maximum size");
      }
    }
  }

  private static long[] writeLarge(
      StoreContext context, RecordBuffer buffer, long most, int flags) {
    Geometry geometry = context.geometry();
    long[] extents = new long[4];
    int count = 0;
    boolean complete = false;
    try {
      int done = 0;
      while (done < buffer.valueLength()) {
        if (RecordLayout.recordBytes(flags, buffer.keyLength(), 0, count + 1L) > most) {
          throw tooLarge(context, buffer);
        }
        int wanted =
            Math.min(geometry.maxExtentPages(), geometry.pagesFor(buffer.valueLength() - done));
        long extent = reserve(context, wanted);
        extents = count == extents.length ? Arrays.copyOf(extents, 2 * count) : extents;
        extents[count++] = extent;
        long room = geometry.position(RecordLayout.extentPages(extent));
        int length = (int) Math.min(room, buffer.valueLength() - done);
        context
            .memory()
            .copyIn(
                geometry.position(RecordLayout.extentFirstPage(extent)),
                buffer.value(),
                done,
                length);
        done += length;
      }
      complete = true;
      return Arrays.copyOf(extents, count);
    } finally {
      if (!complete) {
        for (int i = 0; i < count; i++) {
          context.pool().free(RecordLayout.extentFirstPage(extents[i]));
        }
      }
    }
  }

  /**
   * The largest run that is free already, down to a bound; else a new one of the size wanted; else
   * any run.
   */
  private static long reserve(StoreContext context, int wanted) {
    PagePool pool = context.pool();
    int pages = wanted;
    for (; pages >= Math.min(wanted, LEAST_EXTENT_PAGES); pages /= 2) {
      long first = pool.reserveExisting(pages);
      if (first >= 0) {
        return RecordLayout.extent(first, pages);
      }
    }
    try {
      return RecordLayout.extent(pool.reserve(wanted), wanted);
    } catch (BookException.Full e) {
      for (; pages > 0; pages /= 2) {
        long first = pool.reserveExisting(pages);
        if (first >= 0) {
          return RecordLayout.extent(first, pages);
        }
      }
      throw e;
    }
  }

  private static BookException tooLarge(StoreContext context, RecordBuffer buffer) {
    return new BookException.TooLarge(
        "the record is larger than this book can hold: keyBytes="
            + buffer.keyLength()
            + ", valueBytes="
            + buffer.valueLength()
            + ", pageBytes="
            + context.geometry().pageBytes()
            + ", file="
            + context.memory().path()
            + "; create the book with larger pages");
  }

  /** Of its key. */
  long hash() {
    return hash;
  }

  long bytes() {
    return bytes;
  }

  /** The log that an attempt has chosen for it. */
  RecordLog log() {
    return Objects.requireNonNull(log, "log");
  }

  void goesTo(RecordLog chosen) {
    log = chosen;
  }

  /** Whether others may be moved to make room for it. */
  boolean mayMoveOthers() {
    return mayMoveOthers;
  }

  void mayMoveOthers(boolean may) {
    mayMoveOthers = may;
  }

  boolean isLarge() {
    return extents.length != 0;
  }

  /** Bytes of the extents. */
  long largeBytes() {
    return largeBytes;
  }

  /** Stores the record at a position that no slot points to. */
  void write(PageMemory memory, long at, long newStamp, RecordBuffer buffer) {
    stamp = newStamp;
    // What was here is unlinked: no store below may be seen before that.
    PageMemory.releaseFence();
    long head = RecordLayout.head(stamp, buffer.type(), flags);
    int crc = buffer.finishChecksum(head);
    memory.putLongPlain(
        at + RecordLayout.SIZES_OFFSET, RecordLayout.sizes(crc, flags, keyBytes, valueBytes));
    if ((flags & RecordLayout.LONG_SIZES) != 0) {
      memory.putLongPlain(
          at + RecordLayout.FIXED_BYTES, RecordLayout.longSizes(keyBytes, valueBytes));
    }
    if ((flags & RecordLayout.EXPIRES) != 0) {
      memory.putLongPlain(
          at + RecordLayout.expiryOffset(flags), RecordLayout.expiryWord(buffer.expiryMillis()));
    }
    long key = at + RecordLayout.keyOffset(flags);
    memory.copyIn(key, buffer.key(), 0, keyBytes);
    if (isLarge()) {
      memory.putLongPlain(at + RecordLayout.extentCountOffset(flags), extents.length);
      long list = at + RecordLayout.extentsOffset(flags, keyBytes);
      for (int i = 0; i < extents.length; i++) {
        memory.putLongPlain(list + (long) i * Long.BYTES, extents[i]);
      }
    } else {
      memory.copyIn(key + keyBytes, buffer.value(), 0, valueBytes);
    }
    // The head last: who sees it sees the whole record; until then a reused place keeps the head of
    // a dead one.
    memory.putLongRelease(at, head);
  }

  /** The stamp that the record was written with. */
  long stamp() {
    return stamp;
  }

  /** From here on the extents are the shard's, or will be when the shard is recovered. */
  void handOver() {
    adopted = true;
  }

  @Override
  public void close() {
    if (!adopted) {
      for (long extent : extents) {
        pool.free(RecordLayout.extentFirstPage(extent));
      }
    }
  }
}
