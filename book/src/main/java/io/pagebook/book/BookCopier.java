package io.pagebook.book;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.RecordLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.shard.RecordScan;
import io.pagebook.book.shard.Shard;
import java.util.HashMap;
import java.util.Map;

/** Copies the live records of one file into another, empty one of the same book. */
final class BookCopier {
  private BookCopier() {}

  /**
   * Copies all records that are whole.
   *
   * @param distrust whether nothing of the source is to be believed but records, as after a power
   *     failure. It may hold a key twice: the younger record wins; and a slot may lead to a record
   *     of another key: that is passed over. Stamps and generations begin anew: who knew the old
   *     ones is gone
   */
  static void copy(BookFile source, BookFile target, boolean distrust) {
    RecordBuffer buffer = new RecordBuffer();
    Map<Long, Long> stamps = new HashMap<>();
    for (int i = 0; i < source.shards().length; i++) {
      int shard = i;
      stamps.clear(); // a key is in one shard only, and of a large book this is large
      raise(source.memory(), target.memory(), source, i, distrust);
      new RecordScan(source.context(), i)
          .forEach(
              buffer,
              slot -> {
                long hash = target.hash(buffer);
                long stamp = buffer.stamp();
                if (distrust) {
                  if (source.shardIndexOf(hash) != shard
                      || BucketLayout.tag(slot) != BucketLayout.tagOfHash(hash)) {
                    // an older record of another key, which that key's own slot may have left
                    source.context().faults().damagedRecord(BucketLayout.position(slot), "key");
                    return;
                  }
                  Long other = stamps.put(hash, stamp);
                  if (other != null && other >= stamp) {
                    stamps.put(hash, other);
                    return;
                  }
                }
                target.shardOf(hash).write(buffer, hash, Shard.Condition.NONE, 0);
              });
    }
  }

  /**
   * Stamps and generations only rise: what a near-cache holds from the old file is compared anew.
   * Of a source that is not believed, a stamp that cannot be begins anew: who held one is gone.
   */
  private static void raise(
      PageMemory source, PageMemory target, BookFile book, int shard, boolean distrust) {
    long at = book.geometry().shard(shard) + ShardLayout.STAMP_OFFSET;
    long stamp = source.getLongPlain(at) + 1;
    boolean possible = stamp > 0 && stamp < RecordLayout.MAX_STAMP;
    target.putLongPlain(at, possible || !distrust ? stamp : 0);
    long generation = BookLayout.generation(shard);
    target.putLongPlain(generation, (source.getLongPlain(generation) + 3) & ~1L);
  }
}
