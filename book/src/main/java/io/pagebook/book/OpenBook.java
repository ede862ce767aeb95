package io.pagebook.book;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.process.Pause;
import io.pagebook.book.process.Reserving;
import io.pagebook.book.process.SideFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A book as one participant has it open: the file that serves it now, and the way to the next one.
 * Thread-safe.
 */
final class OpenBook implements AutoCloseable {
  private static final long PARK_NANOS = 500_000;

  private final Path path;
  private final BookOptions options;
  private final SideFile sideFile;
  private final boolean created;
  private volatile BookFile current;
  private volatile boolean closed;

  private final SlotCounters counters = new SlotCounters();

  /** Damaged records that were met in files that a vacuum has replaced since. */
  private volatile long damagedBefore;

  private volatile @Nullable BookException failure;

  OpenBook(Path path, BookOptions options, SideFile sideFile, BookFile file, boolean created) {
    this.path = path;
    this.options = options;
    this.sideFile = sideFile;
    this.current = file;
    this.created = created;
  }

  /** Marks the book destroyed and deletes its file; false if another has marked it. */
  boolean destroy() {
    long deadline = deadline();
    while (true) {
      BookFile file = file();
      file.vacuumLock().lock(Math.max(1, deadline - System.nanoTime()));
      try {
        long state = file.state();
        if (state == BookLayout.STATE_NORMAL) {
          file.memory().putLongVolatile(BookLayout.STATE_OFFSET, BookLayout.STATE_DESTROYED);
          BookOpener.deleteUnused(path, file.header(), deadline);
          return true;
        }
        if (state == BookLayout.STATE_DESTROYED) {
          return false;
        }
      } catch (IOException e) {
        throw new BookException.Refused(
            "the book is marked destroyed, but its file cannot be deleted: file=" + path, e);
      } finally {
        file.vacuumLock().unlock();
      }
      settle(deadline);
    }
  }

  Path path() {
    return path;
  }

  boolean created() {
    return created;
  }

  BookOptions options() {
    return options;
  }

  SideFile sideFile() {
    return sideFile;
  }

  /** The file that serves the book as far as this participant knows. */
  BookFile file() {
    BookException failed = failure;
    if (failed != null) {
      throw failed;
    }
    if (closed) {
      throw new BookException.Closed("the book is closed: file=" + path);
    }
    return current;
  }

  private boolean awaitNoneReserving(long deadline) {
    while (current.self().reserving().isAny()) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      Pause.park(this, PARK_NANOS);
    }
    return true;
  }

  long deadline() {
    return System.nanoTime() + options.lockTimeout().toNanos();
  }

  /** Whether this participant still has the book open. */
  boolean isOpen() {
    return !closed;
  }

  /**
   * Brings the current file into a state that serves: follows a vacuum, ends or undoes that of a
   * dead one. One that was just followed serves readers; who needs more looks, and comes again.
   */
  void settle(long deadline) {
    while (true) {
      BookFile file = file();
      long state = file.state();
      if (state == BookLayout.STATE_NORMAL) {
        return;
      }
      if (state == BookLayout.STATE_DESTROYED) {
        throw new BookException.Closed("the book was destroyed: file=" + path);
      }
      if (state == BookLayout.STATE_MOVED) {
        follow(file);
        if (current != file) {
          return;
        }
      } else {
        Vacuum.succeedDead(this, file);
      }
      if (System.nanoTime() - deadline >= 0 && file() == file && file.state() == state) {
        throw new BookException.LockTimeout(
            "a vacuum did not end in time: state="
                + state
                + ", holder="
                + Vacuum.describeOwner(this, file)
                + ", file="
                + path
                + "; see what the vacuuming process does");
      }
      Pause.park(this, PARK_NANOS);
    }
  }

  /**
   * Throws what an operation on a file failed with, unless the file serves no longer: then the
   * operation is to be done once more, on what serves then. Who waits for a lock while the file
   * moves may get it when another thread has followed and closed the file, of which no more can be
   * mapped.
   */
  void throwUnlessMoved(BookFile file, BookException cause) {
    if (file.isServing() || closed) {
      throw cause;
    }
  }

  /**
   * Moves on from a file that is marked moved, to the one that its path names now. One file of the
   * book for all threads of the participant: the heap locks that they queue at are the file's, and
   * the words in the book name the participant only.
   */
  synchronized void follow(BookFile from) {
    if (current == from && !closed) {
      moveOn(from);
    }
  }

  private synchronized void moveOn(BookFile from) {
    PageMemory.throwLateError();
    try {
      BookHeader header = BookHeader.read(path);
      if (header.bookId() != from.header().bookId()) {
        throw new BookException.Closed(
            "the book was replaced by another one: file=" + path + "; open it again");
      }
      if (header.fileId() == from.header().fileId()) {
        return; // the path does not name the new file yet
      }
      PageMemory memory = PageMemory.open(path);
      boolean followed = false;
      try {
        if (memory.getLongAcquire(BookLayout.FILE_ID_OFFSET) == header.fileId()) {
          BookFile next = BookFile.follow(header, memory, sideFile, from.self(), options);
          counters.publish(next);
          damagedBefore += from.context().faults().damagedRecords();
          current = next;
          followed = true;
          from.close();
        } // else moved once more between the two looks
      } finally {
        if (!followed) {
          memory.close();
        }
      }
    } catch (NoSuchFileException e) {
      throw new BookException.Closed(
          "the book has moved and its file is gone: file=" + path + ", reason=" + e.getMessage());
    } catch (IOException e) {
      throw new BookException.Refused(
          "the book has moved and its file cannot be opened: file="
              + path
              + ", reason="
              + e.getMessage()
              + "; see what the system says, and try again",
          e);
    }
  }

  /** Looks whether the file is still what it was; an outsider may have cut or replaced it. */
  void watch() {
    if (closed || failure != null) {
      return;
    }
    BookFile file = current;
    long length = file.memory().lengthAt(path);
    if (length >= 0) {
      watchLength(file, length);
    } else if (file == current
        && file.state() == BookLayout.STATE_NORMAL
        && !file.memory().isAt(path)) {
      fail(
          new BookException.Closed(
              "somebody deleted or replaced the book while it was in use: file="
                  + path
                  + "; close it and open it again"));
    }
  }

  private void watchLength(BookFile file, long length) {
    long mapped = file.memory().mappedLength();
    // in this order: the page count itself may be cut off
    long needed = length < mapped ? mapped : file.geometry().position(file.pool().pageCount());
    if (length >= needed) {
      return;
    }
    long again = file.memory().lengthAt(path); // it may have grown between the looks
    if (again >= 0 && again < needed) {
      fail(
          new BookException.Corrupt(
              "somebody truncated the book while it was in use: fileBytes="
                  + again
                  + ", neededBytes="
                  + needed
                  + ", file="
                  + path
                  + "; close it and restore a copy"));
    }
  }

  private void fail(BookException cause) {
    failure = cause;
  }

  /** Signs of life, once every few milliseconds. */
  void beat() {
    BookFile file = current;
    if (!closed && failure == null) {
      file.participants().beat(file.self());
    }
  }

  SlotCounters counters() {
    return counters;
  }

  /**
   * Publishes what this participant counted in the file that serves; false if a vacuum under way
   * may have missed it: then do it again soon.
   */
  boolean publishCounters() {
    if (closed || failure != null) {
      return true;
    }
    try {
      if (current.state() == BookLayout.STATE_MOVED) {
        follow(current); // nothing else may bring an idle participant there
      }
    } catch (BookException.Closed e) {
      return true; // the next operation tells its caller
    }
    BookFile file = current;
    counters.publish(file);
    return !file.isMoving();
  }

  /** What this participant evicted; also when it has left. */
  LongAdder evictions() {
    return current.self().evictions();
  }

  long damagedRecords() {
    return damagedBefore + file().context().faults().damagedRecords();
  }

  /**
   * Counted as one who holds pages: what is given back under locks of a participant who has left
   * would be given back while others hold them.
   */
  void reclaimDead() {
    Reserving reserving = current.self().reserving();
    if (!reserving.begin()) {
      return;
    }
    try {
      BookFile file = current;
      if (failure != null) {
        return;
      }
      long state = file.state();
      if (state == BookLayout.STATE_NORMAL) {
        reclaimDead(file);
      } else if (state == BookLayout.STATE_MOVING || state == BookLayout.STATE_ARRIVING) {
        succeedDead(file); // those who only read have no need to
      }
    } finally {
      reserving.end();
    }
  }

  private void succeedDead(BookFile file) {
    try {
      Vacuum.succeedDead(this, file);
    } catch (BookException e) {
      throwUnlessMoved(file, e);
    }
  }

  private void reclaimDead(BookFile file) {
    try {
      file.participants().reclaimDead();
    } catch (BookException e) {
      throwUnlessMoved(file, e);
    }
  }

  void force() {
    if (!closed && failure == null) {
      current.memory().force();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      watch();
      closed = true;
      current.self().reserving().stop();
    }
    // A slot whose thread still holds a lock must not look empty: then it is kept until this
    // process ends.
    long deadline = deadline();
    boolean noneReserving = awaitNoneReserving(deadline);
    boolean quiet = failure != null || (current.shutDown(deadline) && noneReserving);
    try {
      if (quiet) {
        current.gate().leave();
      }
      if (quiet && failure == null) {
        if (current.pool().mayHaveLeaked()) {
          current.pool().freeReservedBySelf();
        }
        retire(deadline);
      } else if (failure == null) {
        counters.publish(current);
      }
    } finally {
      counters.stop();
      if (quiet) {
        current.self().release();
      }
      if (failure instanceof BookException.Corrupt) {
        // Java 17 throws an error of a lost page some instructions later, maybe out of a channel's
        // own book-keeping, and who closes that channel waits for ever: the collector may do it
        current.abandon();
      } else {
        if (quiet) {
          sideFile.close();
        }
        current.close();
      }
    }
  }

  /**
   * Stores the last counters and empties the slot, in the file that serves: a vacuum copies the
   * slots. Stored first, then looked at the state; the vacuum does it the other way round.
   */
  private void retire(long deadline) {
    while (true) {
      BookFile file = current;
      counters.publish(file);
      file.participants().retire(file.self());
      if (!file.isMoving()) {
        return;
      }
      boolean mayYetMove = mayYetMove(file, deadline); // looked at first: it may move just now
      try {
        moveOn(file);
      } catch (BookException e) {
        return; // the book is gone, and the slot with it
      }
      if (current == file && !mayYetMove) {
        return;
      }
      Pause.park(this, PARK_NANOS);
    }
  }

  /**
   * Whether a later look may find the file that comes next: its vacuum is under way, or it is there
   * and was replaced in its turn while it was looked at.
   */
  private static boolean mayYetMove(BookFile file, long deadline) {
    long vacuumer = file.memory().getLongVolatile(BookLayout.VACUUM_LOCK_OFFSET);
    return (file.state() == BookLayout.STATE_MOVED || file.participants().isOwnerAlive(vacuumer))
        && System.nanoTime() - deadline < 0;
  }
}
