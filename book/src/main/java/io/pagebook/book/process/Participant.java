package io.pagebook.book.process;

import io.pagebook.book.BookException;
import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.OwnerWord;
import io.pagebook.book.layout.SideFileLayout;
import io.pagebook.book.layout.SlotLayout;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One opener of a book: the holder of a slot, of the kernel lock on the slot's byte, and of an
 * incarnation that no earlier holder of the slot had. A JVM that opens a book twice takes part
 * twice.
 */
public final class Participant {
  private final SideFile sideFile;
  private final long bookId;
  private final int slot;
  private final long incarnation;
  private final boolean succeeds;
  private final LongAdder evictions;
  private final Reserving reserving;

  private Participant(
      SideFile sideFile, long bookId, int slot, long incarnation, boolean succeeds) {
    this.sideFile = sideFile;
    this.bookId = bookId;
    this.slot = slot;
    this.incarnation = incarnation;
    this.succeeds = succeeds;
    this.evictions = new LongAdder();
    this.reserving = new Reserving();
  }

  private Participant(Participant before, long incarnation) {
    this.sideFile = before.sideFile;
    this.bookId = before.bookId;
    this.slot = before.slot;
    this.incarnation = incarnation;
    this.succeeds = false;
    this.evictions = before.evictions;
    this.reserving = before.reserving;
  }

  /**
   * Claims a slot that no live participant holds, and publishes the new incarnation: from then on
   * everything that bears an earlier one is ownerless. If there was an earlier holder who died, see
   * {@link #succeeds()}.
   *
   * @throws BookException.TooManyParticipants if live participants hold all slots
   */
  public static Participant claim(ParticipantTable table, SideFile sideFile, long bookId) {
    for (int slot = 0; slot < BookLayout.SLOTS; slot++) {
      Participant participant =
          table.isEmpty(slot) ? tryClaim(table, sideFile, bookId, slot) : null;
      if (participant != null) {
        return participant;
      }
    }
    // Only the dead have left: the others leave those to the housekeepers, for it may be much that
    // they held.
    for (int slot = 0; slot < BookLayout.SLOTS; slot++) {
      Participant participant = tryClaim(table, sideFile, bookId, slot);
      if (participant != null) {
        return participant;
      }
    }
    throw new BookException.TooManyParticipants(
        "too many processes use the book: participants="
            + BookLayout.SLOTS
            + ", file="
            + table.path()
            + "; close some of them");
  }

  private static @Nullable Participant tryClaim(
      ParticipantTable table, SideFile sideFile, long bookId, int slot) {
    if (!sideFile.tryLock(SideFileLayout.lockPosition(bookId, slot))) {
      return null;
    }
    Participant participant = null;
    try {
      if (!table.isSeenAlive(slot)) {
        participant =
            new Participant(
                sideFile, bookId, slot, table.nextIncarnation(slot), !table.isEmpty(slot));
        table.publish(participant);
      }
      return participant;
    } finally {
      if (participant == null) {
        sideFile.unlock(SideFileLayout.lockPosition(bookId, slot));
      }
    }
  }

  /**
   * The same opener in the file that a vacuum has put in the place of the one it knew: there the
   * slot may have had other holders while this one had not looked. What the last of them left if he
   * died is given back when the dead are reclaimed.
   */
  public Participant movedTo(ParticipantTable table) {
    table.noteHolderBefore(this);
    Participant moved = new Participant(this, table.nextIncarnation(slot));
    table.publish(moved);
    return moved;
  }

  /** One who holds no slot, for work on a file that nobody else can see. */
  public static Participant visitor(SideFile sideFile) {
    return new Participant(sideFile, 0, BookLayout.SLOTS, 1, false);
  }

  public int slot() {
    return slot;
  }

  public long incarnation() {
    return incarnation;
  }

  /** What this participant writes into a lock that it takes. */
  public long ownerWord() {
    return OwnerWord.of(slot, incarnation);
  }

  long slotWord() {
    return SlotLayout.word(SlotLayout.STATE_USED, incarnation);
  }

  /** Whether the slot's last holder died: what it held is to be given back. */
  public boolean succeeds() {
    return succeeds;
  }

  /** Records that this participant evicted, in all files of the book. */
  public LongAdder evictions() {
    return evictions;
  }

  /** This participant's threads that hold pages, in all files of the book. */
  public Reserving reserving() {
    return reserving;
  }

  /** Gives the kernel lock back; the last thing a participant does. */
  public void release() {
    sideFile.unlock(SideFileLayout.lockPosition(bookId, slot));
  }
}
