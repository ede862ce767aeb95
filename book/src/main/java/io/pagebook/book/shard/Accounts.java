package io.pagebook.book.shard;

import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.memory.Words;

/**
 * Lists changes of a shard's counters, and of its pages' live bytes, in its journal. Under the
 * shard's lock.
 */
final class Accounts {
  private final PageMemory memory;
  private final Words header;
  private final Geometry geometry;
  private final Journal journal;
  private final int shardIndex;

  Accounts(StoreContext context, int shardIndex, Journal journal) {
    this.memory = context.memory();
    this.geometry = context.geometry();
    this.journal = journal;
    this.shardIndex = shardIndex;
    this.header = context.header(shardIndex);
  }

  long get(int offset) {
    return header.getLongPlain(offset);
  }

  void records(long change) {
    add(ShardLayout.RECORDS_OFFSET, change);
  }

  void largeBytes(long change) {
    add(ShardLayout.LARGE_BYTES_OFFSET, change);
  }

  void windowBytes(long change) {
    add(ShardLayout.WINDOW_BYTES_OFFSET, change);
  }

  void liveBytes(long change) {
    add(ShardLayout.LIVE_BYTES_OFFSET, change);
  }

  /**
   * The live bytes of the one or two pages that records begin in; 0 stands for no record.
   *
   * @return whether the old record begins in a page of this shard's logs; else the slot that led
   *     there was damaged, or the map, and what is there may be another's
   */
  boolean livePages(long newRecord, long newBytes, long oldRecord, long oldBytes) {
    long newWord = wordOf(newRecord);
    long oldWord = wordOf(oldRecord);
    if (newWord == oldWord) {
      return livePage(newWord, newBytes - oldBytes);
    }
    livePage(newWord, newBytes);
    return livePage(oldWord, -oldBytes);
  }

  private long wordOf(long record) {
    return record == 0 ? 0 : geometry.mapWord(geometry.pageOf(record));
  }

  private boolean livePage(long mapWord, long change) {
    if (mapWord == 0) {
      return false;
    }
    long word = memory.getLongPlain(mapWord);
    boolean ours = PageMapWord.isOfLog(word, shardIndex);
    if (ours && change != 0) {
      journal.setCovered(mapWord, PageMapWord.addLiveBytes(word, change));
    }
    return ours;
  }

  /** Each word is listed once a change at the most: the journal holds values, not differences. */
  private void add(int offset, long change) {
    if (change != 0) {
      journal.setCovered(header.position() + offset, header.getLongPlain(offset) + change);
    }
  }
}
