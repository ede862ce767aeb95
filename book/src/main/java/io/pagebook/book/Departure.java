package io.pagebook.book;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.process.Participant;
import io.pagebook.book.process.SideFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The end of a participant: its last counters and an empty slot, in its file and in each one that a
 * vacuum puts in that one's place meanwhile.
 */
final class Departure {
  private static final long PARK_NANOS = 500_000;

  private final Path path;
  private final SideFile sideFile;
  private final @Nullable SlotCounters counters;
  private final long deadline;

  private Departure(Path path, SideFile sideFile, @Nullable SlotCounters counters, long deadline) {
    this.path = path;
    this.sideFile = sideFile;
    this.counters = counters;
    this.deadline = deadline;
  }

  /**
   * Leaves the file, which the participant still holds its slot's kernel lock for; nothing if
   * others took it for dead. Waits until the deadline for a live vacuum to put another file in its
   * place.
   *
   * @param counters null if it never worked here, and may have come after the file had moved: then
   *     the next file's slot may be that of a dead one with property there, which is to be
   *     reclaimed
   */
  static void leave(
      Path path, BookFile file, SideFile sideFile, @Nullable SlotCounters counters, long deadline) {
    Participant self = file.self();
    if (file.participants().isCurrent(self.slot(), self.incarnation())) {
      new Departure(path, sideFile, counters, deadline).leave(file);
    }
  }

  private void leave(BookFile file) {
    Participant self = file.self();
    try {
      if (counters != null) {
        counters.store(file);
      }
    } finally {
      if (counters != null || file.participants().isCurrent(self.slot(), self.incarnation())) {
        file.participants().retire(self);
      }
    }
    try {
      // A vacuum that is seen here may have copied the slot before; one that begins later has not.
      while (file.isMoving() && !leaveNext(file) && mayYetMove(file)) {
        LockSupport.parkNanos(this, PARK_NANOS);
      }
    } catch (IOException | BookException e) {
      return; // destroyed or replaced meanwhile: there is no slot to leave any more
    }
  }

  /** Leaves the file that took this one's place; false if it is not there yet. */
  private boolean leaveNext(BookFile file) throws IOException {
    while (true) {
      BookHeader header = BookHeader.read(path);
      if (header.bookId() != file.header().bookId() || header.fileId() == file.header().fileId()) {
        return false;
      }
      try (PageMemory memory = PageMemory.open(path)) {
        if (memory.getLongAcquire(BookLayout.FILE_ID_OFFSET) == header.fileId()) {
          leave(BookFile.detached(header, memory, sideFile, file.self(), BookOptions.DEFAULT));
          return true;
        } // else it moved once more between the two looks
      }
    }
  }

  private boolean mayYetMove(BookFile file) {
    long vacuumer = file.memory().getLongVolatile(BookLayout.VACUUM_LOCK_OFFSET);
    return file.participants().isOwnerAlive(vacuumer) && System.nanoTime() - deadline < 0;
  }
}
