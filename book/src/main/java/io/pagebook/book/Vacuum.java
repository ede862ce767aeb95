package io.pagebook.book;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.SlotLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.process.Boot;
import io.pagebook.book.shard.Shard;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Gives unused pages back: copies the live records to a new, smaller file and puts that in the old
 * one's place, while readers go on and writers wait.
 */
/*
 * The vacuum holds every lock of the book, book-wide, stripes and shards, so that no lock is held in the old file when it stops
 * serving. Then, in this order, each step being a place where the process may die:
 *
 *   1. the new file is complete, its state ARRIVING       temporary file is left over; all else as before
 *   2. old state MOVING, with the new file's id           whoever meets it restores NORMAL
 *      then the participant slots are copied once more    the same
 *   3. the new file is renamed over the path              whoever meets it goes on with 4
 *   4. old state MOVED                                    ... goes on with 5
 *   5. new state NORMAL
 *
 * A participant that stores in its slot looks at the state afterwards (both volatile): either it sees NORMAL, and the copy after 2 has what it
 * stored, or it stores in the new file too.
 *
 * A link .pagebook-old-ID-TARGET to the old file exists from before 3 until after 5, for those who open the path after a death at 3. The new file's
 * id is in its name: who is late in deleting it takes no later vacuum's link away.
 */
final class Vacuum {
  private static final String OLD_PREFIX = ".pagebook-old-";

  private Vacuum() {}

  /** Returns the bytes by which the file became smaller. */
  static long run(OpenBook book) {
    long deadline = book.deadline();
    while (true) {
      BookFile file = book.file();
      file.vacuumLock().lock(Math.max(1, deadline - System.nanoTime()));
      try {
        if (file.state() == BookLayout.STATE_NORMAL) {
          return underVacuumLock(book, file, deadline);
        }
      } catch (IOException e) {
        if (PageMemory.isForLackOfRoom(e)) {
          throw full(book, e);
        }
        throw new BookException.Refused(
            failed(book, e) + "; see that files can be created and deleted beside the book", e);
      } catch (BookException.Full e) {
        throw full(book, e);
      } finally {
        file.vacuumLock().unlock();
      }
      book.settle(deadline);
    }
  }

  private static BookException full(OpenBook book, Exception e) {
    return new BookException.Full(
        failed(book, e) + "; make room for a second copy of the live records", e);
  }

  private static String failed(OpenBook book, Exception e) {
    return "the vacuum failed and changed nothing: file="
        + book.path()
        + ", reason="
        + (e instanceof AccessDeniedException ? "permission denied: " : "")
        + e.getMessage();
  }

  /** Whatever needs no lock is done before writers are kept out. */
  private static long underVacuumLock(OpenBook book, BookFile file, long deadline)
      throws IOException {
    Path directory = NewFile.directory(book.path());
    removeLeftovers(directory, file.header().bookId());
    BookHeader header = headerOfCopy(file.header(), BookLayout.STATE_ARRIVING);
    Path temporary = NewFile.write(directory.resolve(NewFile.copyName(header.bookId())), header);
    try (PageMemory memory = PageMemory.open(temporary)) {
      BookFile copy =
          BookFile.detached(header, memory, book.sideFile(), file.self(), book.options());
      file.gate().lockForWriting(file.shards(), Math.max(1, deadline - System.nanoTime()));
      try {
        file.stripes().lockAll(deadline);
        try {
          return underAllLocks(book, file, copy, temporary);
        } finally {
          file.stripes().unlockAll();
        }
      } finally {
        file.gate().unlockWriting();
      }
    } finally {
      Files.deleteIfExists(temporary); // unless it has become the book's file
    }
  }

  private static long underAllLocks(OpenBook book, BookFile file, BookFile copy, Path temporary)
      throws IOException {
    Shard[] shards = file.shards();
    int locked = 0;
    try {
      for (; locked < shards.length; locked++) {
        shards[locked].lock();
      }
      return move(book, file, copy, temporary);
    } finally {
      while (--locked >= 0) {
        shards[locked].unlock();
      }
    }
  }

  private static long move(OpenBook book, BookFile file, BookFile copy, Path temporary)
      throws IOException {
    PageMemory memory = copy.memory();
    long before = file.geometry().position(file.pool().pageCount());
    memory.putLongVolatile(BookLayout.STATE_OFFSET, BookLayout.STATE_NORMAL);
    BookCopier.copy(file, copy, false);
    long pages = copy.pool().usedPageCount();
    if (pages >= file.pool().pageCount()) {
      return 0; // nothing to be won
    }
    copy.pool().trim(pages);
    memory.truncate(copy.geometry().position(pages));
    memory.putLongVolatile(BookLayout.STATE_OFFSET, BookLayout.STATE_ARRIVING);
    finish(memory, copy, file.header());
    rename(file, copy, temporary, book.path());
    if (serve(memory)) {
      Files.deleteIfExists(old(book.path(), copy.header()));
    }
    book.follow(file); // as everybody does: another thread may have been faster
    return before - copy.geometry().position(pages);
  }

  /**
   * Has a file that arrives serve; false if another has seen to it, and the file may have moved on.
   */
  private static boolean serve(PageMemory memory) {
    return memory.compareAndSetLongCold(
        BookLayout.STATE_OFFSET, BookLayout.STATE_ARRIVING, BookLayout.STATE_NORMAL);
  }

  /**
   * The copy was filled without a bound, for it may pack otherwise than the original did; and what
   * others had forced stays forced.
   */
  static void finish(PageMemory memory, BookFile copy, BookHeader original) {
    memory.putLongVolatile(BookLayout.MAXIMUM_PAGES_OFFSET, original.maximumPages());
    memory.putLongVolatile(BookLayout.MAXIMUM_ENTRIES_OFFSET, original.maximumEntries());
    memory.putLongVolatile(BookLayout.ON_FULL_OFFSET, original.onFull());
    BookHeader.seal(memory);
    copy.pool().recountFree();
    memory.force();
  }

  private static void rename(BookFile file, BookFile copy, Path temporary, Path path)
      throws IOException {
    Path old = old(path, copy.header());
    file.memory().putLongVolatile(BookLayout.MOVE_TARGET_OFFSET, copy.header().fileId());
    file.memory().putLongVolatile(BookLayout.STATE_OFFSET, BookLayout.STATE_MOVING);
    boolean renamed = false;
    try {
      copySlots(file, copy.memory()); // behind the state: who retires after the copy sees that
      if (!file.memory().isAt(path)) {
        throw new IOException("somebody deleted or replaced the book");
      }
      copySlots(file, copy.memory());
      Files.createLink(old, path);
      Files.move(
          temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      renamed = true;
      NewFile.forceName(path); // before anybody writes to the new file
    } finally {
      file.memory()
          .putLongVolatile(
              BookLayout.STATE_OFFSET, renamed ? BookLayout.STATE_MOVED : BookLayout.STATE_NORMAL);
      if (!renamed) {
        Files.deleteIfExists(old);
      }
    }
  }

  /**
   * Each participant's slot as it is, the word first, which is stored last; each of them writes its
   * own again when it follows.
   */
  private static void copySlots(BookFile file, PageMemory target) {
    PageMemory source = file.memory();
    for (int slot = 0; slot < BookLayout.SLOTS; slot++) {
      long at = file.geometry().slot(slot);
      for (int offset = 0; offset < SlotLayout.SLOT_BYTES; offset += Long.BYTES) {
        boolean hold =
            offset == SlotLayout.READ_HOLD_OFFSET; // nobody has one while all locks are held
        target.putLongPlain(at + offset, hold ? 0 : source.getLongVolatile(at + offset));
      }
    }
  }

  /**
   * Ends or undoes what a vacuum had begun whose process is dead; returns at once if it lives and
   * the old file is not marked moved. Called by those who find the file MOVING, or ARRIVING.
   */
  static void succeedDead(OpenBook book, BookFile file) {
    if (!file.vacuumLock().tryLock()) {
      return;
    }
    try {
      long state = file.state();
      if (state == BookLayout.STATE_MOVING) {
        BookHeader atPath = BookHeader.read(book.path());
        // the target, or, as somebody has ended this meanwhile, one that came after it
        boolean arrived = atPath.fileId() != file.header().fileId();
        file.memory()
            .putLongVolatile(
                BookLayout.STATE_OFFSET,
                arrived ? BookLayout.STATE_MOVED : BookLayout.STATE_NORMAL);
        if (arrived) {
          arrive(book, file);
        }
      } else if (state == BookLayout.STATE_ARRIVING) {
        finishArrival(book, file);
      }
    } catch (IOException e) {
      throw new BookException.Refused(
          "a vacuum that died cannot be ended: file=" + book.path() + ", reason=" + e.getMessage(),
          e);
    } finally {
      file.vacuumLock().unlock();
    }
  }

  /** The old file is marked moved: the new one may serve. */
  private static void arrive(OpenBook book, BookFile file) throws IOException {
    long target = file.memory().getLongPlain(BookLayout.MOVE_TARGET_OFFSET);
    try (PageMemory memory = PageMemory.open(book.path())) {
      if (memory.getLongPlain(BookLayout.FILE_ID_OFFSET) != target) {
        return; // ended from the other side, and the next vacuum is under way
      }
      serve(memory);
    }
    Files.deleteIfExists(old(book.path(), file.header().bookId(), target));
  }

  /**
   * From the new file's side: the old one must be marked before this one serves. If it is not, its
   * vacuumer must be dead; if it is, nothing is left to wait for.
   */
  private static void finishArrival(OpenBook book, BookFile file) throws IOException {
    Path old = old(book.path(), file.header());
    try {
      if (Files.exists(old, LinkOption.NOFOLLOW_LINKS)
          && BookHeader.read(old).bookId() == file.header().bookId()) {
        try (PageMemory memory = PageMemory.open(old)) {
          if (memory.getLongVolatile(BookLayout.STATE_OFFSET) != BookLayout.STATE_MOVED) {
            long owner = memory.getLongVolatile(BookLayout.VACUUM_LOCK_OFFSET);
            if (file.participants().isOwnerAlive(owner)) {
              return;
            }
            memory.putLongVolatile(BookLayout.STATE_OFFSET, BookLayout.STATE_MOVED);
          }
        }
      }
    } catch (NoSuchFileException e) {
      return; // the vacuumer lives, and has ended it between two of these looks
    }
    if (serve(file.memory())) {
      Files.deleteIfExists(old);
    }
  }

  /** Names the process whose vacuum keeps a file from serving, for a message. */
  static String describeOwner(OpenBook book, BookFile file) {
    long owner = file.memory().getLongVolatile(BookLayout.VACUUM_LOCK_OFFSET);
    if (file.state() == BookLayout.STATE_ARRIVING) { // it holds the lock of the old file
      try (PageMemory memory = PageMemory.open(old(book.path(), file.header()))) {
        owner = memory.getLongVolatile(BookLayout.VACUUM_LOCK_OFFSET);
      } catch (IOException e) {
        // it has ended meanwhile: nobody
      }
    }
    return file.participants().describe(owner);
  }

  static BookHeader headerOfCopy(BookHeader header, long state) {
    return new BookHeader(
        header.pageBytes(),
        header.shards(),
        header.bookId(),
        NewFile.randomId(),
        header.hashSeed(),
        header.sideFileId(),
        0,
        0,
        0,
        BookLayout.ON_FULL_FAIL,
        Boot.id(),
        state);
  }

  /** The link to the file from which a book moves to this one. */
  private static Path old(Path path, BookHeader target) {
    return old(path, target.bookId(), target.fileId());
  }

  private static Path old(Path path, long bookId, long target) {
    return NewFile.directory(path).resolve(oldPrefix(bookId) + Long.toHexString(target));
  }

  /** What the names of the links to a book's earlier files start with. */
  static String oldPrefix(long bookId) {
    return OLD_PREFIX + Long.toHexString(bookId) + "-";
  }

  /**
   * Deletes what a vacuum left behind whose process has died; called when a dead one is reclaimed.
   */
  static void sweep(BookFile file) {
    if (!file.vacuumLock().tryLock()) {
      return;
    }
    try {
      if (file.state() == BookLayout.STATE_NORMAL) {
        removeLeftovers(NewFile.directory(file.memory().path()), file.header().bookId());
      }
    } catch (IOException e) {
      // the next vacuum deletes it
    } finally {
      file.vacuumLock().unlock();
    }
  }

  /**
   * Under the vacuum lock of a file that serves, or the right to replace one that nobody has open:
   * nobody needs any of it.
   */
  static void removeLeftovers(Path directory, long bookId) throws IOException {
    Files.deleteIfExists(directory.resolve(NewFile.creationName(bookId)));
    for (String prefix : new String[] {oldPrefix(bookId), NewFile.prefix(bookId)}) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, prefix + "*")) {
        for (Path file : files) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
