package io.pagebook.book.shard;

import io.pagebook.book.BookException;
import io.pagebook.book.layout.RecordLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;

/** Gives the stamps of a shard: rising, never reset, each once. Under the shard's lock. */
final class Stamps {
  private final PageMemory memory;
  private final long position;

  Stamps(StoreContext context, int shardIndex) {
    this.memory = context.memory();
    this.position = context.geometry().shard(shardIndex) + ShardLayout.STAMP_OFFSET;
  }

  long next() {
    long stamp = memory.getLongPlain(position) + 1;
    if (stamp > RecordLayout.MAX_STAMP) {
      throw new BookException.Full(
          "the stamps of a shard are used up: stamps="
              + stamp
              + ", file="
              + memory.path()
              + "; copy its records into a new book");
    }
    memory.putLongRelease(position, stamp);
    return stamp;
  }
}
