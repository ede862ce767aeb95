package io.pagebook.book.process;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.OwnerWord;
import io.pagebook.book.layout.SideFileLayout;
import io.pagebook.book.layout.SlotLayout;
import io.pagebook.book.memory.PageMemory;
import java.nio.file.Path;
import java.util.function.IntPredicate;

/**
 * The participant slots of one file: who they are, who of them lives, and giving back what the dead
 * held.
 */
public final class ParticipantTable {
  private static final long HEARTBEAT_WINDOW_NANOS = 50_000_000;
  private static final long HEARTBEAT_SAMPLE_NANOS = 5_000_000;
  private static final int NONE = -1;

  private final PageMemory memory;
  private final Geometry geometry;
  private final SideFile sideFile;
  private final long bookId;
  private final IntPredicate giveBack;

  /** The slot to which this participant moved while it named a dead one, until that is settled. */
  private volatile int inherited = NONE;

  /**
   * @param giveBack frees what a slot held under any but its current incarnation; idempotent, may
   *     run in several processes one after the other
   */
  public ParticipantTable(
      PageMemory memory, Geometry geometry, SideFile sideFile, long bookId, IntPredicate giveBack) {
    this.memory = memory;
    this.geometry = geometry;
    this.sideFile = sideFile;
    this.bookId = bookId;
    this.giveBack = giveBack;
  }

  Path path() {
    return memory.path();
  }

  /** Writes the participant's identity into its slot; the word that makes it count goes last. */
  void publish(Participant participant) {
    long at = geometry.slot(participant.slot());
    ProcessIdentity self = ProcessIdentity.self();
    memory.putLongPlain(at + SlotLayout.PID_OFFSET, self.pid());
    memory.putLongPlain(at + SlotLayout.START_TIME_OFFSET, self.startTime());
    memory.putLongPlain(at + SlotLayout.NAMESPACE_OFFSET, self.namespace());
    memory.putLongPlain(at + SlotLayout.HEARTBEAT_OFFSET, System.nanoTime());
    memory.putLongPlain(at + SlotLayout.READ_HOLD_OFFSET, 0);
    memory.putLongVolatile(at + SlotLayout.WORD_OFFSET, participant.slotWord());
  }

  /**
   * Looks whom the slot names to which a participant is about to move. If that is another, he is
   * dead, for this one holds the slot's kernel lock, and nobody has given back what he held.
   */
  void noteHolderBefore(Participant participant) {
    long word = word(participant.slot());
    if (SlotLayout.state(word) != SlotLayout.STATE_EMPTY && word != participant.slotWord()) {
      inherited = participant.slot();
    }
  }

  /**
   * Empties the slot of a participant, who must hold its kernel lock; what he held must have been
   * given back. The counters stay for the next holder. If an earlier holder's property is not
   * settled yet, the slot is left to whoever reclaims.
   */
  public void retire(Participant participant) {
    leave(participant, inherited == NONE ? SlotLayout.STATE_EMPTY : SlotLayout.STATE_RECLAIMING);
  }

  /** Leaves the participant's slot to whoever reclaims, with all that it holds. */
  public void abandon(Participant participant) {
    leave(participant, SlotLayout.STATE_RECLAIMING);
  }

  private void leave(Participant participant, int state) {
    long at = geometry.slot(participant.slot());
    if (isCurrent(participant.slot(), participant.incarnation())) {
      memory.putLongPlain(at + SlotLayout.READ_HOLD_OFFSET, 0);
      memory.putLongVolatile(
          at + SlotLayout.WORD_OFFSET, SlotLayout.word(state, participant.incarnation()));
    }
  }

  /** A counter of a slot: the sum over all its holders, as far as they have published it. */
  public long counter(int slot, int index) {
    return memory.getLongVolatile(geometry.slot(slot) + SlotLayout.counterOffset(index));
  }

  /** Publishes the value of a counter of the participant's slot, its earlier holders' included. */
  public void putCounter(Participant participant, int index, long value) {
    memory.putLongVolatile(
        geometry.slot(participant.slot()) + SlotLayout.counterOffset(index), value);
  }

  /** Shows processes in other PID namespaces that this one lives. */
  public void beat(Participant participant) {
    memory.putLongRelease(
        geometry.slot(participant.slot()) + SlotLayout.HEARTBEAT_OFFSET, System.nanoTime());
  }

  long nextIncarnation(int slot) {
    long next = SlotLayout.incarnation(word(slot)) + 1;
    return (int) next == 0 ? 1 : next;
  }

  boolean isEmpty(int slot) {
    return SlotLayout.state(word(slot)) == SlotLayout.STATE_EMPTY;
  }

  private long word(int slot) {
    return memory.getLongVolatile(geometry.slot(slot) + SlotLayout.WORD_OFFSET);
  }

  /**
   * Whether a slot's current holder has this incarnation: if not, whatever bears it is ownerless.
   */
  public boolean isCurrent(int slot, long incarnation) {
    if (slot >= BookLayout.SLOTS) {
      return false;
    }
    long word = word(slot);
    return SlotLayout.state(word) == SlotLayout.STATE_USED
        && SlotLayout.incarnation(word) == incarnation;
  }

  /**
   * Whether the owner of a lock word or of reserved pages still lives. Dead means: no longer the
   * slot's holder, or the kernel has dropped its lock and nothing vetoes (the lock is also dropped
   * when its process closes another descriptor of the side file).
   */
  public boolean isAlive(int slot, long incarnation) {
    if (!isCurrent(slot, incarnation)) {
      return false;
    }
    return sideFile.probe(SideFileLayout.lockPosition(bookId, slot)) != SideFile.Probe.FREE
        || isSeenAlive(slot);
  }

  public boolean isOwnerAlive(long ownerWord) {
    return isAlive(OwnerWord.slot(ownerWord), OwnerWord.incarnation(ownerWord));
  }

  /**
   * The veto: whether the process that a used slot names is seen to live although its kernel lock
   * is gone.
   */
  boolean isSeenAlive(int slot) {
    if (SlotLayout.state(word(slot)) != SlotLayout.STATE_USED) {
      return false;
    }
    ProcessIdentity holder = identity(slot);
    if (holder.sharesNamespace()) {
      return holder.isSeenAlive();
    }
    long position = geometry.slot(slot) + SlotLayout.HEARTBEAT_OFFSET;
    long beat = memory.getLongAcquire(position);
    long deadline = System.nanoTime() + HEARTBEAT_WINDOW_NANOS;
    while (System.nanoTime() - deadline < 0) {
      Pause.park(this, HEARTBEAT_SAMPLE_NANOS);
      if (memory.getLongAcquire(position) != beat) {
        return true;
      }
    }
    return false;
  }

  private ProcessIdentity identity(int slot) {
    long at = geometry.slot(slot);
    return new ProcessIdentity(
        memory.getLongPlain(at + SlotLayout.PID_OFFSET),
        memory.getLongPlain(at + SlotLayout.START_TIME_OFFSET),
        memory.getLongPlain(at + SlotLayout.NAMESPACE_OFFSET));
  }

  /** Names the owner of a lock word for a message. */
  public String describe(long ownerWord) {
    int slot = OwnerWord.slot(ownerWord);
    if (ownerWord == OwnerWord.FREE || slot >= BookLayout.SLOTS) {
      return "nobody";
    }
    return "process " + identity(slot).pid() + " (slot " + slot + ")";
  }

  /**
   * Gives back what dead participants held. Called now and then by every process, and never waits
   * for a live one.
   */
  public void reclaimDead() {
    int own = inherited;
    if (own != NONE && giveBack.test(own)) {
      inherited = NONE;
    }
    for (int slot = 0; slot < BookLayout.SLOTS; slot++) {
      long word = word(slot);
      if (SlotLayout.state(word) == SlotLayout.STATE_EMPTY
          || (SlotLayout.state(word) == SlotLayout.STATE_USED
              && isAlive(slot, SlotLayout.incarnation(word)))) {
        continue;
      }
      long position = SideFileLayout.lockPosition(bookId, slot);
      if (sideFile.tryLock(position)) {
        try {
          if (word(slot) == word) {
            reclaim(slot);
            PageMemory.throwLateError(); // rather than in the side file
          }
        } finally {
          sideFile.unlock(position);
        }
      }
    }
  }

  /** Gives back what a slot's dead holder held; the caller holds the slot's kernel lock. */
  private void reclaim(int slot) {
    long incarnation = nextIncarnation(slot);
    long at = geometry.slot(slot);
    memory.putLongVolatile(
        at + SlotLayout.WORD_OFFSET, SlotLayout.word(SlotLayout.STATE_RECLAIMING, incarnation));
    memory.putLongPlain(at + SlotLayout.READ_HOLD_OFFSET, 0);
    if (!giveBack.test(slot)) {
      return; // somebody is at work under a lock that the dead one held: once more in the next
      // round
    }
    memory.putLongVolatile(
        at + SlotLayout.WORD_OFFSET, SlotLayout.word(SlotLayout.STATE_EMPTY, incarnation));
  }
}
