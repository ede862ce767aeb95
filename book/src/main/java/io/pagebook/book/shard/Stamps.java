package io.pagebook.book.shard;

import io.pagebook.book.BookException;
import io.pagebook.book.layout.RecordLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.memory.Words;

/** Gives the stamps of a shard: rising, never reset, each once. Under the shard's lock. */
final class Stamps {
  private final PageMemory memory;
  private final Words header;

  Stamps(StoreContext context, int shardIndex) {
    this.memory = context.memory();
    this.header = context.header(shardIndex);
  }

  long next() {
    long stamp = header.getLongPlain(ShardLayout.STAMP_OFFSET) + 1;
    if (stamp > RecordLayout.MAX_STAMP) {
      throw new BookException.Full(
          "the stamps of a shard are used up: stamps="
              + stamp
              + ", file="
              + memory.path()
              + "; copy its records into a new book");
    }
    header.putLongRelease(ShardLayout.STAMP_OFFSET, stamp);
    return stamp;
  }
}
