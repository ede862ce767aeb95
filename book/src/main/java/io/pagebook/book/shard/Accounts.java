package io.pagebook.book.shard;

import io.pagebook.book.layout.SegmentLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;

/** Lists changes of a shard's counters in its journal. Under the shard's lock. */
final class Accounts {
  private final PageMemory memory;
  private final Journal journal;
  private final long shard;

  Accounts(StoreContext context, int shardIndex, Journal journal) {
    this.memory = context.memory();
    this.journal = journal;
    this.shard = context.geometry().shard(shardIndex);
  }

  long get(int offset) {
    return memory.getLongPlain(shard + offset);
  }

  void records(long change) {
    add(shard + ShardLayout.RECORDS_OFFSET, change);
  }

  void largeBytes(long change) {
    add(shard + ShardLayout.LARGE_BYTES_OFFSET, change);
  }

  void windowBytes(long change) {
    add(shard + ShardLayout.WINDOW_BYTES_OFFSET, change);
  }

  void liveBytes(long change) {
    add(shard + ShardLayout.LIVE_BYTES_OFFSET, change);
  }

  /** The live bytes of the one or two segments concerned; 0 stands for none. */
  void segments(long newSegment, long newBytes, long oldSegment, long oldBytes) {
    if (newSegment == oldSegment) {
      segment(newSegment, newBytes - oldBytes);
    } else {
      segment(newSegment, newBytes);
      segment(oldSegment, -oldBytes);
    }
  }

  private void segment(long segment, long change) {
    if (segment != 0) {
      add(segment + SegmentLayout.LIVE_BYTES_OFFSET, change);
    }
  }

  /** Each word is listed once a change at the most: the journal holds values, not differences. */
  private void add(long position, long change) {
    if (change != 0) {
      journal.set(position, memory.getLongPlain(position) + change);
    }
  }
}
