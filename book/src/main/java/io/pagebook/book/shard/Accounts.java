package io.pagebook.book.shard;

import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;

/**
 * Lists changes of a shard's counters, and of its pages' live bytes, in its journal. Under the
 * shard's lock.
 */
final class Accounts {
  private final PageMemory memory;
  private final Geometry geometry;
  private final Journal journal;
  private final int shardIndex;
  private final long shard;

  Accounts(StoreContext context, int shardIndex, Journal journal) {
    this.memory = context.memory();
    this.geometry = context.geometry();
    this.journal = journal;
    this.shardIndex = shardIndex;
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

  /** The live bytes of the one or two pages that records begin in; 0 stands for no record. */
  void livePages(long newRecord, long newBytes, long oldRecord, long oldBytes) {
    long newWord = wordOf(newRecord);
    long oldWord = wordOf(oldRecord);
    if (newWord == oldWord) {
      livePage(newWord, newBytes - oldBytes);
    } else {
      livePage(newWord, newBytes);
      livePage(oldWord, -oldBytes);
    }
  }

  private long wordOf(long record) {
    return record == 0 ? 0 : geometry.mapWord(geometry.pageOf(record));
  }

  private void livePage(long mapWord, long change) {
    if (mapWord == 0 || change == 0) {
      return;
    }
    long word = memory.getLongPlain(mapWord);
    if (PageMapWord.isOfLog(word, shardIndex)) { // else the map is damaged, and the page another's
      journal.set(mapWord, PageMapWord.addLiveBytes(word, change));
    }
  }

  /** Each word is listed once a change at the most: the journal holds values, not differences. */
  private void add(long position, long change) {
    if (change != 0) {
      journal.set(position, memory.getLongPlain(position) + change);
    }
  }
}
