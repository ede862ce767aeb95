package io.pagebook.book.shard;

import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.layout.SketchLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.memory.Words;

/**
 * How often a key was asked for in the recent past, whether it is in the book or not: a count-min
 * sketch of 4-bit counters, four of them a key, all in one block of 64 bytes. A word a record at
 * the most. Hints, in pages that the shard owns: torn by a crash they are as good. Under the
 * shard's lock.
 *
 * @see <a href="https://dl.acm.org/doi/10.1145/3149371">Einziger, Friedman, Manes, TinyLFU, ACM ToS
 *     2017</a>
 */
final class FrequencySketch {
  private final StoreContext context;
  private final PageMemory memory;
  private final Words header;
  private final int shardIndex;
  private final long shard;

  FrequencySketch(StoreContext context, int shardIndex) {
    this.context = context;
    this.memory = context.memory();
    this.header = context.header(shardIndex);
    this.shardIndex = shardIndex;
    this.shard = context.geometry().shard(shardIndex);
  }

  /** 0 if there is none. A damaged word that points to no table is none: another will be made. */
  private long table() {
    long table = header.getLongAcquire(ShardLayout.SKETCH_OFFSET);
    return table != 0 && isTable(table) ? table : 0;
  }

  private boolean isTable(long position) {
    long page = context.geometry().pageOf(position);
    long mapWord = context.geometry().mapWord(page);
    if (context.geometry().position(page) != position
        || !memory.ensureCovers(mapWord, Long.BYTES)) {
      return false;
    }
    long word = memory.getLongAcquire(mapWord);
    int pages = PageMapWord.pages(word);
    return PageMapWord.kind(word) == PageMapWord.KIND_SKETCH
        && PageMapWord.shard(word) == shardIndex
        && pages > 0
        && memory.ensureCovers(position, context.geometry().position(pages));
  }

  private long tableBytes(long table) {
    long word = memory.getLongAcquire(context.geometry().mapWord(context.geometry().pageOf(table)));
    return context.geometry().position(Integer.highestOneBit(PageMapWord.pages(word)));
  }

  private long records() {
    return header.getLongAcquire(ShardLayout.RECORDS_OFFSET);
  }

  /** Pages that the next table should have; 0 if the present one is large enough. */
  int wantedPages() {
    long table = table();
    long bytes = table == 0 ? 0 : tableBytes(table);
    int most = Integer.highestOneBit(context.geometry().maxExtentPages());
    long mostBytes = context.geometry().position(most);
    // the number of records may be damaged: no more than fits, before it is multiplied
    long needed = Math.max(1, Math.min(records(), mostBytes / Long.BYTES)) * Long.BYTES;
    if ((bytes >= needed && bytes != 0) || bytes == mostBytes) {
      return 0;
    }
    int pages = context.geometry().pagesFor(Math.max(2 * bytes, needed));
    return Math.min(most, Integer.highestOneBit(2 * pages - 1));
  }

  /** Makes reserved pages the table; what the old one counted stays. */
  void attach(Journal journal, long firstPage, int pages) {
    long old = table();
    long table = context.geometry().position(firstPage);
    long bytes = context.geometry().position(pages);
    if (old == 0) {
      memory.zero(table, bytes);
    } else {
      // A block is chosen by low bits of a hash: the blocks of a larger table start as copies.
      long oldBytes = tableBytes(old);
      for (long at = 0; at < bytes; at += Long.BYTES) {
        memory.putLongPlain(table + at, memory.getLongPlain(old + at % oldBytes));
      }
    }
    journal.begin();
    journal.set(
        context.geometry().mapWord(firstPage),
        PageMapWord.owned(PageMapWord.KIND_SKETCH, pages, shardIndex));
    journal.set(shard + ShardLayout.SKETCH_OFFSET, table);
    if (old != 0) {
      journal.freeSegment(old);
    }
    journal.commit();
  }

  void add(long hash) {
    long table = table();
    if (table == 0) {
      return;
    }
    long mixed = SketchLayout.mix(hash);
    long block = table + SketchLayout.blockOffset(mixed, tableBytes(table));
    boolean added = false;
    for (int i = 0; i < SketchLayout.COUNTERS; i++) {
      long at = block + SketchLayout.wordOffset(mixed, i);
      int shift = SketchLayout.shift(mixed, i);
      long word = memory.getLongPlain(at);
      if (SketchLayout.count(word, shift) != SketchLayout.MOST_COUNT) {
        memory.putLongPlain(at, SketchLayout.withOneMore(word, shift));
        added = true;
      }
    }
    if (added) {
      long additions = header.getLongPlain(ShardLayout.SKETCH_ADDITIONS_OFFSET) + 1;
      if (additions >= SketchLayout.sample(records())) {
        halve(table);
        additions /= 2;
      }
      header.putLongPlain(ShardLayout.SKETCH_ADDITIONS_OFFSET, additions);
    }
  }

  private void halve(long table) {
    long end = table + tableBytes(table);
    for (long at = table; at < end; at += Long.BYTES) {
      memory.putLongPlain(at, SketchLayout.halved(memory.getLongPlain(at)));
    }
  }

  int frequency(long hash) {
    long table = table();
    if (table == 0) {
      return 0;
    }
    long mixed = SketchLayout.mix(hash);
    long block = table + SketchLayout.blockOffset(mixed, tableBytes(table));
    int least = SketchLayout.MOST_COUNT;
    for (int i = 0; i < SketchLayout.COUNTERS; i++) {
      long word = memory.getLongPlain(block + SketchLayout.wordOffset(mixed, i));
      least = Math.min(least, SketchLayout.count(word, SketchLayout.shift(mixed, i)));
    }
    return least;
  }
}
