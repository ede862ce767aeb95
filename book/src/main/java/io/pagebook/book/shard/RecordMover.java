package io.pagebook.book.shard;

import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.RecordLayout;
import io.pagebook.book.memory.PageMemory;

/** Moves a record to the end of a log. Under the shard's lock. */
final class RecordMover {
  private final ShardParts parts;
  private final PageMemory memory;
  private byte[] bytes = new byte[1024];

  RecordMover(ShardParts parts) {
    this.parts = parts;
    this.memory = parts.context().memory();
  }

  /**
   * Moves the live record that a slot points to, under a new stamp: with the old one, a record that
   * came back to an earlier place would look to a stalled reader as if it had never been away.
   * False if there is no room.
   */
  boolean move(RecordView record, long slotPosition, long hash, RecordLog to) {
    long length = record.bytes();
    long from = record.position();
    long target = to.roomAtEnd(length);
    if (target == 0) {
      return false;
    }
    to.cover(target, length);
    if (bytes.length < length) {
      bytes = new byte[(int) Math.max(length, 2L * bytes.length)];
    }
    long head = RecordLayout.head(parts.stamps().next(), record.type(), record.flags());
    memory.copyOut(from, bytes, 0, (int) length);
    PageMemory.releaseFence(); // as in NewRecord.write
    memory.copyIn(target + Long.BYTES, bytes, Long.BYTES, (int) length - Long.BYTES);
    long sizes = memory.getLongPlain(from + RecordLayout.SIZES_OFFSET);
    memory.putLongPlain(
        target + RecordLayout.SIZES_OFFSET, RecordLayout.restamped(sizes, record.head(), head));
    memory.putLongRelease(target, head); // the head last, as in NewRecord.write
    long weight = length + record.largeBytes();
    Journal journal = parts.journal();
    journal.begin();
    journal.setSlot(slotPosition, BucketLayout.slot(BucketLayout.tagOfHash(hash), target));
    to.listEnd(journal, target + length);
    parts.accounts().livePages(target, length, from, length);
    RecordLog source = parts.logOf(from);
    if (source != to) {
      parts.accounts().windowBytes(to == parts.window() ? weight : -weight);
    }
    journal.commit();
    return true;
  }
}
