package io.pagebook.book;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.OwnerWord;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.process.Participant;
import io.pagebook.book.process.ParticipantTable;
import io.pagebook.book.process.SharedLock;
import io.pagebook.book.shard.KeyLocks;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Locks of keys, 1,024 for all of them, that may be held across user code. There is nothing behind
 * a stripe that a dead owner could have left half done.
 */
final class KeyStripes implements KeyLocks {
  private static final int HASH_SHIFT = 30;

  private final AtomicReferenceArray<SharedLock> locks =
      new AtomicReferenceArray<>(BookLayout.STRIPES);

  /** The hash of the key that a stripe is held for; written and read by the holding thread only. */
  private final long[] heldFor = new long[BookLayout.STRIPES];

  private final PageMemory memory;
  private final Geometry geometry;
  private final ParticipantTable participants;
  private final Participant self;

  KeyStripes(
      PageMemory memory, Geometry geometry, ParticipantTable participants, Participant self) {
    this.memory = memory;
    this.geometry = geometry;
    this.participants = participants;
    this.self = self;
  }

  /**
   * Takes the stripe of a key.
   *
   * @return the stripe, or -1 if this thread holds it already, for another key
   * @throws BookException.LockMisuse if this thread holds it for this key
   */
  int lock(long hash, long timeoutNanos) {
    int stripe = stripeOf(hash);
    SharedLock lock = stripe(stripe);
    if (lock.isHeldByCurrentThread() && heldFor[stripe] != hash) {
      return -1;
    }
    lock.lock(timeoutNanos);
    heldFor[stripe] = hash;
    return stripe;
  }

  @Override
  public boolean isHeld(long hash) {
    return memory.getLongVolatile(geometry.stripe(stripeOf(hash))) != OwnerWord.FREE;
  }

  static int stripeOf(long hash) {
    return (int) (hash >>> HASH_SHIFT) & (BookLayout.STRIPES - 1);
  }

  void unlock(int stripe) {
    stripe(stripe).unlock();
  }

  /** Whether the current thread holds any stripe but {@code except}; not for the fast path. */
  boolean isAnyHeldByCurrentThread(int except) {
    for (int index = 0; index < BookLayout.STRIPES; index++) {
      SharedLock lock = locks.get(index);
      if (index != except && lock != null && lock.isHeldByCurrentThread()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Waits until whoever holds a stripe now has left it; for those who have just shut the gate. A
   * free stripe needs no waiting: who takes it later sees the gate.
   */
  void awaitQuiet(long deadline) {
    freeDead();
    for (int index = 0; index < BookLayout.STRIPES; index++) {
      if (memory.getLongVolatile(geometry.stripe(index)) != OwnerWord.FREE) {
        stripe(index).lock(Math.max(1, deadline - System.nanoTime()));
        unlock(index);
      }
    }
  }

  /**
   * Frees the stripes of the dead; a vacuumer leaves all of them, and to wait for each as for a
   * live owner would take seconds.
   */
  void freeDead() {
    long dead = OwnerWord.FREE;
    for (int index = 0; index < BookLayout.STRIPES; index++) {
      long at = geometry.stripe(index);
      long word = memory.getLongVolatile(at);
      long owner = OwnerWord.withoutWaiter(word);
      if (word != OwnerWord.FREE && (owner == dead || !participants.isOwnerAlive(word))) {
        dead = owner;
        memory.compareAndSetLongCold(at, word, OwnerWord.FREE); // else somebody has succeeded it
      }
    }
  }

  /** For the vacuum. */
  void lockAll(long deadline) {
    freeDead();
    int taken = 0;
    boolean complete = false;
    try {
      for (; taken < BookLayout.STRIPES; taken++) {
        stripe(taken).lock(Math.max(1, deadline - System.nanoTime()));
      }
      complete = true;
    } finally {
      if (!complete) {
        while (--taken >= 0) {
          unlock(taken);
        }
      }
    }
  }

  void unlockAll() {
    for (int stripe = 0; stripe < BookLayout.STRIPES; stripe++) {
      unlock(stripe);
    }
  }

  /**
   * Waits until no thread of this participant holds a stripe, and lets none be taken any more;
   * false if one was kept too long.
   */
  boolean shutDown(long deadline) {
    boolean all = true;
    for (int index = 0; index < BookLayout.STRIPES; index++) {
      SharedLock lock = locks.get(index);
      all &= lock == null || lock.shutDown(Math.max(1, deadline - System.nanoTime()));
    }
    return all;
  }

  private SharedLock stripe(int index) {
    SharedLock lock = locks.get(index);
    if (lock == null) {
      lock =
          new SharedLock(memory, geometry.stripe(index), participants, self, "key stripe " + index);
      if (!locks.compareAndSet(index, null, lock)) {
        lock = locks.get(index);
      }
    }
    return lock;
  }
}
