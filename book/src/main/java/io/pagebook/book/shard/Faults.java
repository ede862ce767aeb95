package io.pagebook.book.shard;

import io.pagebook.book.memory.PageMemory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts records that turned out damaged, and misses for which a damaged index may be to blame;
 * logs the first. Thread-safe.
 */
public final class Faults {
  private final LongAdder damaged = new LongAdder();
  private final AtomicBoolean logged = new AtomicBoolean();
  private final Object file;

  public Faults(Object file) {
    this.file = file;
  }

  public void damagedRecord(long position, String what) {
    damaged.increment();
    if (logged.get()) {
      return;
    }
    PageMemory.throwLateError(); // rather than in the logger
    if (logged.compareAndSet(false, true)) {
      System.getLogger("io.pagebook.book")
          .log(
              System.Logger.Level.WARNING,
              "a damaged record, or one behind a damaged index, is served as a miss: position={0}, what={1}, file={2}; check the book",
              position,
              what,
              file);
    }
  }

  /** A bucket, or a word that leads to one: what it led to may be missed. */
  void damagedIndex(long position) {
    damagedRecord(position, "index");
  }

  public long damagedRecords() {
    return damaged.sum();
  }
}
