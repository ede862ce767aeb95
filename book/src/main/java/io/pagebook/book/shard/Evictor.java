package io.pagebook.book.shard;

import io.pagebook.book.ValueType;
import io.pagebook.book.layout.ShardLayout;

/** Chooses the records that make room in a book that evicts. Under the shard's lock. */
/*
 * W-TinyLFU laid over two logs instead of linked lists. New records enter the window, an eighth of the shard's bytes; the rest is the
 * main log. When room is needed, the oldest of the window is held against the oldest of the main log: the one that was asked for
 * more often stays, or comes to stay, in the main log, and of two that are equal the one that is there. The main log is a
 * clock: what was read since it was last looked at moves to the end, its count halved.
 *
 * How often: the sketch counts each miss that was followed by a put, and once for all the reads that it finds counted in a slot when
 * it looks at a record. So reads store nothing but a count of two bits, and even that no more once it is full.
 *
 * References: Einziger, Friedman, Manes, TinyLFU, ACM ToS 2017; Yang et al., FIFO queues are all you need (S3-FIFO), SOSP 2023.
 */
final class Evictor {
  /** The window's part of the shard's bytes is one in so many. */
  private static final int WINDOW_SHARE = 8;

  /** After so many looks the next best record goes, so that an eviction stays short. */
  private static final int MOST_LOOKS = 64;

  /** What a step came to. */
  enum Step {
    EVICTED,
    NOTHING_LEFT,
    /** {@link #neededLog()} has no room for a record that is to move there. */
    NEEDS_LOG,
    /** Inside this class. */
    LOOK_AGAIN,
    CANDIDATE
  }

  private final ShardParts parts;
  private final Accounts accounts;
  private final EvictionQueue window;
  private final EvictionQueue main;
  private final AccessCounters counters;
  private final FrequencySketch sketch;
  private final RecordMover mover;
  private final Remover remover;
  private RecordLog neededLog;
  private long neededBytes;

  /** Since the last eviction: one that lacked room meanwhile goes on where it was. */
  private int looks;

  Evictor(ShardParts parts, AccessCounters counters, FrequencySketch sketch) {
    this.parts = parts;
    this.accounts = parts.accounts();
    this.window = new EvictionQueue(parts, parts.window());
    this.main = new EvictionQueue(parts, parts.main());
    this.counters = counters;
    this.sketch = sketch;
    this.mover = new RecordMover(parts);
    this.remover = parts.newRemover();
    this.neededLog = parts.main();
  }

  RecordLog neededLog() {
    return neededLog;
  }

  long neededBytes() {
    return neededBytes;
  }

  /** Bytes of all records, large values included. */
  private long totalBytes() {
    return accounts.get(ShardLayout.LIVE_BYTES_OFFSET)
        + accounts.get(ShardLayout.LARGE_BYTES_OFFSET);
  }

  /** Whether a window without {@code less} of its bytes has at least its share. */
  private boolean windowHasItsShare(long less) {
    return (accounts.get(ShardLayout.WINDOW_BYTES_OFFSET) - less) * WINDOW_SHARE
        >= Math.max(1, totalBytes());
  }

  /** Where a new record goes: while there is room both logs grow together. */
  RecordLog logForNew(boolean full) {
    return full || !windowHasItsShare(0) ? parts.window() : parts.main();
  }

  /**
   * Evicts one record.
   *
   * @param mayMove whether others may be moved to do so: false where there is no room for that
   */
  Step evict(boolean mayMove) {
    Step step = look(mayMove);
    if (step != Step.NEEDS_LOG) {
      looks = 0;
    }
    return step;
  }

  private Step look(boolean mayMove) {
    while (looks < 2 * MOST_LOOKS) {
      boolean moving = mayMove && looks < MOST_LOOKS;
      looks++;
      Step step;
      if (windowHasItsShare(0) && window.head()) {
        step = fromWindow(moving);
      } else if (main.head()) {
        step = settle(main, moving);
        step = step == Step.CANDIDATE ? evict(main) : step;
      } else if (window.head()) {
        step = settle(window, false);
        step = step == Step.CANDIDATE ? evict(window) : step;
      } else {
        return Step.NOTHING_LEFT;
      }
      if (step != Step.LOOK_AGAIN) {
        return step;
      }
    }
    return Step.NOTHING_LEFT;
  }

  private Step fromWindow(boolean moving) {
    Step step = settle(window, false);
    if (step != Step.CANDIDATE) {
      return step;
    }
    if (counters.get(window.slotPosition()) > 0) {
      sketch.add(window.hash());
      counters.set(window.slotPosition(), 0);
    }
    if (!moving) {
      return evict(window);
    }
    if (windowHasItsShare(window.weight())) {
      return move(window, parts.main());
    }
    if (!main.head()) {
      return evict(window);
    }
    step = settle(main, true);
    if (step != Step.CANDIDATE) {
      return step;
    }
    if (sketch.frequency(window.hash()) <= sketch.frequency(main.hash())) {
      return evict(window);
    }
    step = move(window, parts.main());
    return step == Step.LOOK_AGAIN ? evict(main) : step;
  }

  /**
   * Finds out whether the head of a queue is a candidate for eviction, and does what else is to be
   * done: it is kept for good, gone anyway, or given its second chance.
   */
  private Step settle(EvictionQueue queue, boolean secondChance) {
    RecordView record = queue.record();
    if (record.type() == ValueType.KEPT) {
      if (move(queue, parts.main()) != Step.LOOK_AGAIN) {
        queue.skip();
      }
      return Step.LOOK_AGAIN;
    }
    if (parts.context().bounds().isStale(record.expiryMillis())) {
      return drop(queue);
    }
    int accesses = secondChance ? counters.get(queue.slotPosition()) : 0;
    if (accesses == 0) {
      return Step.CANDIDATE;
    }
    long slotPosition = queue.slotPosition();
    long hash = queue.hash();
    Step step = move(queue, parts.main());
    if (step == Step.LOOK_AGAIN) {
      sketch.add(hash);
      counters.set(slotPosition, accesses / 2);
    }
    return step;
  }

  private Step evict(EvictionQueue queue) {
    parts.context().self().evictions().increment();
    return drop(queue);
  }

  private Step drop(EvictionQueue queue) {
    remover.remove(queue.record(), queue.slotPosition(), false);
    queue.skip();
    return Step.EVICTED;
  }

  private Step move(EvictionQueue queue, RecordLog to) {
    if (!mover.move(queue.record(), queue.slotPosition(), queue.hash(), to)) {
      neededLog = to;
      neededBytes = queue.record().bytes();
      return Step.NEEDS_LOG;
    }
    queue.bury();
    return Step.LOOK_AGAIN;
  }
}
