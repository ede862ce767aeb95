package io.pagebook.book.shard;

import io.pagebook.book.BookException;
import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.JournalEntry;
import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.layout.SegmentLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.memory.Words;
import io.pagebook.book.process.SharedLock;

/**
 * Makes a change of several words one step: the changes are listed first, then the intent word says
 * how many there are, then they are made, then the intent word is cleared. Whoever takes the
 * shard's lock and finds an intent makes the changes (again): each entry has the same effect
 * however often it is made. All methods are called under the shard's lock.
 */
final class Journal {
  private final StoreContext context;
  private final PageMemory memory;
  private final Words header;
  private final Words generation;
  private final SharedLock lock;
  private final int shardIndex;

  /** The entries once more, so that their writer need not load them; a successor must. */
  private final long[] targets = new long[ShardLayout.JOURNAL_ENTRIES];

  private final long[] values = new long[ShardLayout.JOURNAL_ENTRIES];

  /** Made once: what an OutOfMemoryError has cut off is completed without any memory. */
  private final RecordView record;

  private final RecordView.ExtentConsumer adopt = this::adopt;
  private final RecordView.ExtentConsumer release = this::release;
  private int entries;

  Journal(StoreContext context, SharedLock lock, int shardIndex) {
    this.context = context;
    this.memory = context.memory();
    this.header = context.header(shardIndex);
    this.generation = memory.words(BookLayout.generation(shardIndex), Long.BYTES);
    this.lock = lock;
    this.shardIndex = shardIndex;
    this.record = new RecordView(context);
  }

  /** Starts a new change; what an abandoned one had listed is forgotten. */
  void begin() {
    entries = 0;
    PageMemory.releaseFence(); // no entry below is stored before the last change was done with
  }

  boolean hasRoomFor(int more) {
    return entries + more <= ShardLayout.JOURNAL_ENTRIES;
  }

  /** Lists the store of a word. */
  void set(long position, long value) {
    check(position);
    add(JournalEntry.SET, position, value);
  }

  /** As {@link #set}, of a word that is known to be in the file: of a header, or found there. */
  void setCovered(long position, long value) {
    add(JournalEntry.SET, position, value);
  }

  /** Of a bucket on a chain: the slot and the bucket's check. At most one slot of it a change. */
  void setSlot(long position, long slot) {
    long meta = BucketLayout.metaOfSlot(position);
    long checked =
        BucketLayout.withSlot(memory.getLongPlain(meta), memory.getLongPlain(position), slot);
    setCovered(position, slot);
    setCovered(meta, checked);
  }

  void adoptExtents(long record) {
    add(JournalEntry.ADOPT, record, 0);
  }

  void releaseExtents(long record) {
    add(JournalEntry.RELEASE, record, 0);
  }

  void freeSegment(long segment) {
    add(JournalEntry.FREE_SEGMENT, segment, 0);
  }

  private void add(int operation, long position, long value) {
    if (entries == ShardLayout.JOURNAL_ENTRIES) {
      throw new IllegalStateException("the journal is full: entries=" + entries);
    }
    int entry = entry(entries);
    long target = JournalEntry.target(operation, position);
    header.putLongPlain(entry, target);
    header.putLongPlain(entry + JournalEntry.VALUE_OFFSET, value);
    targets[entries] = target;
    values[entries++] = value;
  }

  private static int entry(int index) {
    return ShardLayout.JOURNAL_OFFSET + index * JournalEntry.ENTRY_BYTES;
  }

  /** Throws if others took this process for dead and its lock away. */
  void checkHeld() {
    lock.checkHeld();
  }

  /** Makes the listed changes; from here on they happen, whoever dies. */
  void commit() {
    checkHeld();
    header.putLongRelease(ShardLayout.INTENT_OFFSET, entries);
    for (int i = 0; i < entries; i++) {
      applyListed(targets[i], values[i]);
    }
    header.putLongRelease(ShardLayout.INTENT_OFFSET, 0);
  }

  /**
   * As {@link #commit}; the generation is odd from before the first slot store to after the last.
   */
  void publish() {
    long before = generation.getLongPlain(0);
    generation.putLongRelease(0, before + 1);
    PageMemory.releaseFence();
    commit();
    generation.putLongRelease(0, before + 2);
  }

  /**
   * Ends what a dead owner, or a failed thread of this process, had committed and not completed.
   */
  void recover() {
    long intent = header.getLongAcquire(ShardLayout.INTENT_OFFSET);
    if (intent != 0) {
      if (intent < 0 || intent > ShardLayout.JOURNAL_ENTRIES) {
        throw new BookException.Corrupt(
            "the journal is damaged: shard="
                + shardIndex
                + ", intent="
                + intent
                + ", file="
                + memory.path()
                + "; destroy the book or restore a copy");
      }
      for (int i = 0; i < intent; i++) {
        int entry = entry(i);
        apply(header.getLongPlain(entry), header.getLongPlain(entry + JournalEntry.VALUE_OFFSET));
      }
      header.putLongRelease(ShardLayout.INTENT_OFFSET, 0);
    }
    long relocations = header.getLongAcquire(ShardLayout.RELOCATIONS_OFFSET);
    if ((relocations & 1) != 0) {
      header.putLongRelease(ShardLayout.RELOCATIONS_OFFSET, relocations + 1);
    }
    long abandoned = generation.getLongAcquire(0);
    if ((abandoned & 1) != 0) {
      generation.putLongRelease(0, abandoned + 1);
    }
  }

  boolean isPending() {
    return header.getLongPlain(ShardLayout.INTENT_OFFSET) != 0;
  }

  /** Positions were checked when they were listed, unlike those that a dead one left. */
  private void applyListed(long target, long value) {
    if (JournalEntry.operation(target) == JournalEntry.SET) {
      memory.putLongRelease(JournalEntry.position(target), value);
    } else {
      apply(target, value);
    }
  }

  private void apply(long target, long value) {
    long position = JournalEntry.position(target);
    switch (JournalEntry.operation(target)) {
      case JournalEntry.SET -> {
        check(position);
        memory.putLongRelease(position, value);
      }
      case JournalEntry.ADOPT -> record.forEachExtent(position, adopt);
      case JournalEntry.RELEASE -> record.forEachExtent(position, release);
      case JournalEntry.FREE_SEGMENT -> free(position);
      default ->
          throw new BookException.Corrupt(
              "the journal is damaged: shard="
                  + shardIndex
                  + ", target="
                  + target
                  + ", file="
                  + memory.path()
                  + "; destroy the book or restore a copy");
    }
  }

  private void check(long position) {
    if ((position & (Long.BYTES - 1)) != 0 || !memory.ensureCovers(position, Long.BYTES)) {
      throw new BookException.Corrupt(
          "the journal points outside the file: shard="
              + shardIndex
              + ", position="
              + position
              + ", file="
              + memory.path()
              + "; destroy the book or restore a copy");
    }
  }

  private void adopt(long page, int pages) {
    memory.putLongRelease(
        context.geometry().mapWord(page),
        PageMapWord.owned(PageMapWord.KIND_LARGE, pages, shardIndex));
  }

  private void release(long page, int pages) {
    context.pool().freeOwned(page, PageMapWord.owned(PageMapWord.KIND_LARGE, pages, shardIndex));
  }

  private void free(long segment) {
    check(segment);
    long page = context.geometry().pageOf(segment);
    long word = memory.getLongAcquire(context.geometry().mapWord(page));
    boolean marked =
        memory.getLongPlain(segment + SegmentLayout.MARK_OFFSET) == SegmentLayout.mark(shardIndex);
    if (PageMapWord.shard(word) == shardIndex
        && (PageMapWord.kind(word) == PageMapWord.KIND_SKETCH
            || (PageMapWord.kind(word) == PageMapWord.KIND_LOG && marked))) {
      context.pool().freeOwned(page, word);
    }
  }
}
