package io.pagebook.book.shard;

import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.SegmentLayout;
import io.pagebook.book.process.SharedLock;
import java.util.function.ToLongFunction;

/**
 * What those who change a shard share; but for the context guarded by the shard's lock.
 *
 * @param main the log of all records, or, in a book that evicts, of those that proved themselves
 * @param window the log of new records in a book that evicts; else empty
 */
record ShardParts(
    StoreContext context,
    int shardIndex,
    ShardIndex index,
    Journal journal,
    RecordLog main,
    RecordLog window,
    Accounts accounts,
    Stamps stamps,
    ToLongFunction<RecordBuffer> hash) {

  static ShardParts of(
      StoreContext context, int shardIndex, SharedLock lock, ToLongFunction<RecordBuffer> hash) {
    Journal journal = new Journal(context, lock, shardIndex);
    return new ShardParts(
        context,
        shardIndex,
        new ShardIndex(context, shardIndex),
        journal,
        new RecordLog(context, shardIndex, SegmentLayout.MAIN),
        new RecordLog(context, shardIndex, SegmentLayout.WINDOW),
        new Accounts(context, shardIndex, journal),
        new Stamps(context, shardIndex),
        hash);
  }

  /** The log that a record of this shard lies in. */
  RecordLog logOf(long record) {
    return context.bounds().evicts() && window.owns(window.segmentOf(record)) ? window : main;
  }

  SlotFinder newFinder() {
    return new SlotFinder(context, index);
  }

  Remover newRemover() {
    return new Remover(this);
  }
}
