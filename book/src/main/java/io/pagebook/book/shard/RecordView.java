package io.pagebook.book.shard;

import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.RecordLayout;
import io.pagebook.book.memory.PageMemory;
import java.nio.ByteBuffer;

/**
 * A record as its header tells it, for those who hold the shard's lock. Every length is checked
 * before it is used.
 */
final class RecordView {
  /** Takes the extents of a large value, in order. */
  interface ExtentConsumer {
    void accept(long firstPage, int pages);
  }

  private final StoreContext context;
  private final PageMemory memory;

  private long position;
  private long head;
  private long sizes;
  private int flags;
  private int keyBytes;
  private int valueBytes;
  private long extents;
  private long bytes;

  RecordView(StoreContext context) {
    this.context = context;
    this.memory = context.memory();
  }

  /** Reads the header at {@code at}; false if no record can be there. */
  boolean load(long at) {
    position = at;
    ByteBuffer window = memory.ensureWindowOf(at, RecordLayout.FIXED_BYTES);
    if (window == null) {
      return false;
    }
    int offset = PageMemory.offsetInWindow(at);
    head = PageMemory.getLongPlain(window, offset);
    if (head == 0) {
      return false; // zeros, as a power failure leaves them, would verify as an empty record
    }
    sizes = PageMemory.getLongPlain(window, offset + RecordLayout.SIZES_OFFSET);
    flags = RecordLayout.flags(head);
    if ((flags & RecordLayout.DEAD) != 0) {
      return loadDead(window, at);
    }
    keyBytes = RecordLayout.shortKeyBytes(sizes);
    valueBytes = RecordLayout.shortValueBytes(sizes);
    extents = 0;
    if (!covers(window, at, RecordLayout.keyOffset(flags))) {
      return false;
    }
    if ((flags & RecordLayout.LONG_SIZES) != 0) {
      long longSizes = memory.getLongPlain(at + RecordLayout.FIXED_BYTES);
      keyBytes = RecordLayout.longKeyBytes(longSizes);
      valueBytes = RecordLayout.longValueBytes(longSizes);
    }
    if ((flags & RecordLayout.LARGE) != 0) {
      extents = memory.getLongPlain(at + RecordLayout.extentCountOffset(flags));
    }
    if (keyBytes < 0 || valueBytes < 0 || extents < 0 || extents > Integer.MAX_VALUE) {
      return false;
    }
    bytes = RecordLayout.recordBytes(flags, keyBytes, valueBytes, extents);
    return covers(window, at, bytes);
  }

  private boolean covers(ByteBuffer window, long at, long length) {
    return length <= window.capacity() - PageMemory.offsetInWindow(at)
        || memory.ensureCovers(at, length);
  }

  private boolean loadDead(ByteBuffer window, long at) {
    flags = RecordLayout.DEAD;
    keyBytes = 0;
    valueBytes = 0;
    extents = 0;
    bytes = RecordLayout.stamp(head);
    return bytes >= RecordLayout.FIXED_BYTES && (bytes & 7) == 0 && covers(window, at, bytes);
  }

  long position() {
    return position;
  }

  long head() {
    return head;
  }

  int flags() {
    return flags;
  }

  long stamp() {
    return RecordLayout.stamp(head);
  }

  int type() {
    return RecordLayout.type(head);
  }

  int crc() {
    return RecordLayout.crc(sizes);
  }

  int keyBytes() {
    return keyBytes;
  }

  int valueBytes() {
    return valueBytes;
  }

  int extents() {
    return (int) extents;
  }

  /** Bytes of the record in the log. */
  long bytes() {
    return bytes;
  }

  boolean isLarge() {
    return (flags & RecordLayout.LARGE) != 0;
  }

  /** Bytes of the extents, if the value is large. */
  long largeBytes() {
    if (!isLarge()) {
      return 0;
    }
    long[] sum = {0};
    forEachExtent(position, (page, pages) -> sum[0] += context.geometry().position(pages));
    return sum[0];
  }

  boolean isDead() {
    return (flags & RecordLayout.DEAD) != 0;
  }

  boolean keyIsId() {
    return (flags & RecordLayout.ID_KEY) != 0;
  }

  long keyPosition() {
    return position + RecordLayout.keyOffset(flags);
  }

  long valuePosition() {
    return keyPosition() + keyBytes;
  }

  long expiryPosition() {
    return position + RecordLayout.expiryOffset(flags);
  }

  boolean expires() {
    return (flags & RecordLayout.EXPIRES) != 0;
  }

  /** When the record expires; a damaged expiry is none, so that nobody drops the record for it. */
  long expiryMillis() {
    if (!expires()) {
      return RecordBuffer.NEVER;
    }
    long word = memory.getLongPlain(expiryPosition());
    return RecordLayout.isExpirySound(word) ? RecordLayout.expiryMillis(word) : RecordBuffer.NEVER;
  }

  long extent(int index) {
    return memory.getLongPlain(
        position + RecordLayout.extentsOffset(flags, keyBytes) + (long) index * Long.BYTES);
  }

  boolean hasKeyOf(RecordBuffer buffer) {
    return keyBytes == buffer.keyLength()
        && keyIsId() == buffer.keyIsId()
        && sameKey(memory, keyPosition(), buffer);
  }

  /** Whether the mapped key, which is covered with its padding, is the buffer's. */
  static boolean sameKey(PageMemory memory, long keyPosition, RecordBuffer buffer) {
    int padded = (buffer.keyLength() + Long.BYTES - 1) & -Long.BYTES;
    ByteBuffer window = memory.windowOf(keyPosition, padded);
    return window != null && sameKey(window, PageMemory.offsetInWindow(keyPosition), buffer);
  }

  /**
   * As the other: eight bytes at a time, since a record is padded to eight and its last key bytes
   * have a whole word around them.
   */
  static boolean sameKey(ByteBuffer window, int keyOffset, RecordBuffer buffer) {
    int length = buffer.keyLength();
    int index = 0;
    for (; index + Long.BYTES <= length; index += Long.BYTES) {
      if (PageMemory.getLongPlain(window, keyOffset + index) != buffer.keyLong(index)) {
        return false;
      }
    }
    int rest = length - index;
    if (rest == 0) {
      return true;
    }
    long mask = (1L << (rest * Byte.SIZE)) - 1;
    return ((PageMemory.getLongPlain(window, keyOffset + index) ^ buffer.keyLong(index)) & mask)
        == 0;
  }

  void copyKeyTo(RecordBuffer buffer) {
    if (keyIsId()) {
      buffer.setId(memory.getIntPlain(keyPosition()));
    } else {
      memory.copyOut(keyPosition(), buffer.startKey(keyBytes), 0, keyBytes);
    }
  }

  /**
   * Whether the extents, if there are any, can hold the value: its length decides how much is
   * allocated.
   */
  boolean valueFits() {
    long[] room = {0};
    if (isLarge()) {
      forEachExtent(position, (page, pages) -> room[0] += context.geometry().position(pages));
    }
    return !isLarge()
        || (room[0] >= valueBytes
            && room[0] <= context.geometry().position(context.pool().pageCount()));
  }

  /** Copies the value, from the log or from its extents; false if the extents do not add up. */
  boolean copyValueTo(RecordBuffer buffer) {
    byte[] target = buffer.startValue(valueBytes);
    if (!isLarge()) {
      memory.copyOut(valuePosition(), target, 0, valueBytes);
      return true;
    }
    int done = 0;
    for (int i = 0; i < extents && done < valueBytes; i++) {
      long extent = extent(i);
      long start = context.geometry().position(RecordLayout.extentFirstPage(extent));
      int length =
          (int)
              Math.min(
                  valueBytes - done, context.geometry().position(RecordLayout.extentPages(extent)));
      if (!memory.ensureCovers(start, length)) {
        return false;
      }
      memory.copyOut(start, target, done, length);
      done += length;
    }
    return done == valueBytes;
  }

  /**
   * Copies key and value; false if they are not what the checksum was made of, or the expiry is
   * damaged.
   */
  boolean copyTo(RecordBuffer buffer) {
    copyKeyTo(buffer);
    boolean whole = copyValueTo(buffer);
    buffer.startChecksum();
    boolean expirySound = !expires() || expiryMillis() != RecordBuffer.NEVER;
    return whole && expirySound && buffer.finishChecksum(head) == crc();
  }

  /** Hands out the extents of the large record at {@code at}, as far as they lie in the file. */
  void forEachExtent(long at, ExtentConsumer consumer) {
    if (!load(at) || !isLarge()) {
      return;
    }
    for (int i = 0; i < extents; i++) {
      long first = RecordLayout.extentFirstPage(extent(i));
      if (memory.ensureCovers(context.geometry().mapWord(first), Long.BYTES)
          && memory.ensureCovers(context.geometry().position(first), 1)) {
        consumer.accept(first, RecordLayout.extentPages(extent(i)));
      }
    }
  }
}
