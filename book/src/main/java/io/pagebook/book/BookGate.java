package io.pagebook.book;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.OwnerWord;
import io.pagebook.book.layout.SlotLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.process.Participant;
import io.pagebook.book.process.ParticipantTable;
import io.pagebook.book.process.Pause;
import io.pagebook.book.process.SharedLock;
import io.pagebook.book.shard.Shard;
import io.pagebook.book.shard.WriteGate;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The book-wide locks: many readers or one writer, over several calls, bound to threads. A hold of
 * either kind keeps everybody else's writes out; plain reads are never kept waiting.
 */
/*
 * Who takes a key's stripe looks at the gate afterwards and, if it is shut, lets go of the stripe and waits; who shuts the gate waits until
 * each stripe that was held has been released, and lets those inside write until then.
 *
 * A plain writer takes its shard's lock (a volatile compare-and-set) and then loads the gate words (volatile). A holder
 * sets its gate word (volatile) and then takes and releases each shard's lock. So either the writer sees the gate
 * shut and lets go, or the holder waits until that writer has left its shard. Between readers and a
 * book writer the same: each sets its own word first and looks at the other's afterwards.
 *
 * Readers set one flag in their participant's slot, and then the flag bit of the readers word. That word may say
 * "readers" when there is none: a plain writer that finds no live flag clears it, by compare-and-set against a version that each setting raises.
 */
final class BookGate implements WriteGate {
  private static final int NO_STRIPE = -1;
  private static final long READERS_FLAG = 1;
  private static final long PARK_NANOS = 200_000;

  private final PageMemory memory;
  private final Geometry geometry;
  private final ParticipantTable participants;
  private final Participant self;
  private final SharedLock writerLock;
  private final KeyStripes stripes;

  private volatile @Nullable Thread writer;

  /** Threads of this participant that hold the read lock. */
  private final Set<Thread> readers = new HashSet<>();

  private volatile boolean hasReaders;

  /** Guarded by {@code readers}: nobody takes the read lock any more. */
  private boolean shutDown;

  /** Guarded by {@code readers}: the slot is another participant's from now on, or soon. */
  private boolean left;

  BookGate(
      PageMemory memory,
      Geometry geometry,
      ParticipantTable participants,
      Participant self,
      KeyStripes stripes) {
    this.memory = memory;
    this.geometry = geometry;
    this.participants = participants;
    this.self = self;
    this.stripes = stripes;
    this.writerLock =
        new SharedLock(
            memory, BookLayout.GATE_WRITER_OFFSET, participants, self, "book-wide write lock");
  }

  @Override
  public Answer ask() {
    return ask(NO_STRIPE);
  }

  /**
   * As {@link #ask()}, for a thread that has just taken a stripe: that one does not count as being
   * inside.
   */
  Answer ask(int justTaken) {
    if (memory.getLongVolatile(BookLayout.STATE_OFFSET) != BookLayout.STATE_NORMAL) {
      return Answer.MOVED;
    }
    if (memory.getLongVolatile(BookLayout.GATE_WRITER_OFFSET) != OwnerWord.FREE) {
      return writer == Thread.currentThread() ? Answer.OPEN : shutUnlessInside(justTaken);
    }
    long word = memory.getLongVolatile(BookLayout.GATE_READERS_OFFSET);
    if ((word & READERS_FLAG) == 0) {
      return Answer.OPEN;
    }
    if (hasReaders && isReader()) {
      throw new BookException.LockMisuse(
          "a thread that holds the book-wide read lock may not write: file="
              + memory.path()
              + "; release it and take the write lock");
    }
    if (readHolder() >= 0) {
      return shutUnlessInside(justTaken);
    }
    memory.compareAndSetLongCold(
        BookLayout.GATE_READERS_OFFSET, word, (word & ~READERS_FLAG) + 2 * READERS_FLAG);
    return Answer.OPEN;
  }

  /**
   * Whoever holds a key's stripe was inside before the gate shut: its shutter waits for the stripe,
   * so this thread may finish.
   */
  private Answer shutUnlessInside(int justTaken) {
    return stripes.isAnyHeldByCurrentThread(justTaken) ? Answer.OPEN : Answer.SHUT;
  }

  private boolean isReader() {
    synchronized (readers) {
      return readers.contains(Thread.currentThread());
    }
  }

  /** A slot whose live participant holds the read lock, or -1. */
  private int readHolder() {
    for (int slot = 0; slot < BookLayout.SLOTS; slot++) {
      long at = geometry.slot(slot);
      if (memory.getLongVolatile(at + SlotLayout.READ_HOLD_OFFSET) != 0
          && participants.isAlive(
              slot, SlotLayout.incarnation(memory.getLongVolatile(at + SlotLayout.WORD_OFFSET)))) {
        return slot;
      }
    }
    return -1;
  }

  /**
   * Waits, without any lock held, until the gate looks open to this thread; the next look decides.
   * New readers stand back meanwhile: else those whose holds overlap would keep it shut for ever.
   */
  void awaitOpen(long deadline) {
    boolean announced = false;
    try {
      while (ask() == Answer.SHUT) {
        if (System.nanoTime() - deadline >= 0) {
          throw timeout();
        }
        announced |= announce();
        succeedDeadWriter();
        Pause.park(this, PARK_NANOS);
      }
    } finally {
      if (announced) {
        withdraw();
      }
    }
  }

  /** Has new readers stand back for a writer that waits; false if they do so for another one. */
  private boolean announce() {
    return memory.compareAndSetLongCold(
        BookLayout.GATE_WAITING_OFFSET, OwnerWord.FREE, self.ownerWord());
  }

  private void withdraw() {
    memory.compareAndSetLongCold(BookLayout.GATE_WAITING_OFFSET, self.ownerWord(), OwnerWord.FREE);
  }

  private void succeedDeadWriter() {
    long word = memory.getLongVolatile(BookLayout.GATE_WRITER_OFFSET);
    if (word != OwnerWord.FREE && !participants.isOwnerAlive(word) && writerLock.tryLock()) {
      writerLock.unlock();
    }
    long waiting = memory.getLongVolatile(BookLayout.GATE_WAITING_OFFSET);
    if (waiting != OwnerWord.FREE && !participants.isOwnerAlive(waiting)) {
      memory.compareAndSetLongCold(BookLayout.GATE_WAITING_OFFSET, waiting, OwnerWord.FREE);
    }
  }

  void lockForReading(Shard[] shards, long timeoutNanos) {
    refuseNested();
    long deadline = System.nanoTime() + timeoutNanos;
    while (true) {
      if (memory.getLongVolatile(BookLayout.GATE_WRITER_OFFSET) == OwnerWord.FREE
          && memory.getLongVolatile(BookLayout.GATE_WAITING_OFFSET) == OwnerWord.FREE) {
        enterReader();
        boolean in = false;
        try {
          if (memory.getLongVolatile(BookLayout.GATE_WRITER_OFFSET) == OwnerWord.FREE) {
            awaitWriters(shards, deadline);
            in = true;
            return;
          }
        } finally {
          if (!in) {
            unlockReading();
          }
        }
      }
      if (System.nanoTime() - deadline >= 0) {
        throw timeout();
      }
      succeedDeadWriter();
      Pause.park(this, PARK_NANOS);
    }
  }

  private void enterReader() {
    synchronized (readers) {
      if (shutDown) {
        throw new BookException.Closed("the book is closed: file=" + memory.path());
      }
      readers.add(Thread.currentThread());
      hasReaders = true;
      memory.putLongVolatile(geometry.slot(self.slot()) + SlotLayout.READ_HOLD_OFFSET, 1);
    }
    long word;
    do {
      word = memory.getLongVolatile(BookLayout.GATE_READERS_OFFSET);
    } while (!memory.compareAndSetLongCold(
        BookLayout.GATE_READERS_OFFSET, word, (word | READERS_FLAG) + 2 * READERS_FLAG));
  }

  void unlockReading() {
    synchronized (readers) {
      if (!readers.remove(Thread.currentThread())) {
        throw new BookException.LockMisuse(
            "the book-wide read lock is released by a thread that does not hold it: file="
                + memory.path());
      }
      if (readers.isEmpty() && !left) {
        hasReaders = false;
        memory.putLongVolatile(geometry.slot(self.slot()) + SlotLayout.READ_HOLD_OFFSET, 0);
      }
    }
  }

  /** Lets nobody take the read lock for this participant any more. */
  void shutDown() {
    synchronized (readers) {
      shutDown = true;
    }
  }

  /** After {@link #shutDown}: from here on the participant's slot is left alone. */
  void leave() {
    synchronized (readers) {
      left = true;
    }
  }

  /** Whether a hold that is still there is nobody's any more. */
  boolean hasLeft() {
    synchronized (readers) {
      return left;
    }
  }

  void lockForWriting(Shard[] shards, long timeoutNanos) {
    refuseNested();
    long deadline = System.nanoTime() + timeoutNanos;
    boolean in = false;
    boolean announced = announce();
    try {
      writerLock.lock(timeoutNanos);
      writer = Thread.currentThread();
      while (readHolder() >= 0) {
        if (System.nanoTime() - deadline >= 0) {
          throw timeout();
        }
        Pause.park(this, PARK_NANOS);
      }
      awaitWriters(shards, deadline);
      in = true;
    } finally {
      if (announced) {
        withdraw();
      }
      if (!in && writerLock.isHeldByCurrentThread()) {
        unlockWriting();
      }
    }
  }

  void unlockWriting() {
    if (writer != Thread.currentThread()) {
      throw new BookException.LockMisuse(
          "the book-wide write lock is released by a thread that does not hold it: file="
              + memory.path());
    }
    writer = null;
    writerLock.unlock();
  }

  private void refuseNested() {
    if (stripes.isAnyHeldByCurrentThread(NO_STRIPE)) {
      throw new BookException.LockMisuse(
          "a thread that holds the lock of a key may not take a book-wide lock: file="
              + memory.path()
              + "; take the book-wide lock first");
    }
    if (writer == Thread.currentThread() || (hasReaders && isReader())) {
      throw new BookException.LockMisuse(
          "this thread holds a book-wide lock already: file="
              + memory.path()
              + "; a read lock cannot become a write lock: release it first");
    }
  }

  private void awaitWriters(Shard[] shards, long deadline) {
    stripes.awaitQuiet(deadline); // first: those inside may still write
    for (Shard shard : shards) {
      shard.awaitQuiet(Math.max(1, deadline - System.nanoTime()));
    }
  }

  private BookException timeout() {
    long word = memory.getLongVolatile(BookLayout.GATE_WRITER_OFFSET);
    int reader = readHolder();
    if (word == OwnerWord.FREE && reader < 0) {
      word = memory.getLongVolatile(BookLayout.GATE_WAITING_OFFSET); // readers stand back for it
    }
    String holder;
    if (word != OwnerWord.FREE && OwnerWord.withoutWaiter(word) != self.ownerWord()) {
      holder = participants.describe(word);
    } else if (reader >= 0) {
      holder = participants.describe(OwnerWord.of(reader, 0));
    } else {
      holder = word == OwnerWord.FREE ? "nobody any more" : "this process";
    }
    return new BookException.LockTimeout(
        "the book-wide lock was not released in time: holder="
            + holder
            + ", file="
            + memory.path()
            + "; the holder is alive: see what it does, or wait longer");
  }
}
