package io.pagebook.book;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.SideFileLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.process.Boot;
import io.pagebook.book.process.Pause;
import io.pagebook.book.process.SideFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Finds a book under its path, or creates it, and makes this process a participant: what happens
 * before there is an {@link OpenBook}, and to the files of books that were destroyed.
 */
final class BookOpener {
  private static final long PARK_NANOS = 500_000;
  private static final int DEFAULT_SHARDS = 16;

  /**
   * A bounded book gets a shard for about this many bytes: small shards fill and evict unevenly.
   */
  private static final long BYTES_PER_SHARD = 1 << 20;

  /** As {@link #BYTES_PER_SHARD}, for a book that is bounded in entries. */
  private static final long ENTRIES_PER_SHARD = 4096;

  private static final int LONGEST_NAME_BYTES = 255;

  private BookOpener() {}

  /** Opens the book at a path, which is created if there is none. */
  static OpenBook open(Path path, BookOptions options) {
    return at(path, absolute -> openOrCreate(absolute, options));
  }

  /** Destroys the book at a path; false if there is none, or others do it at this moment. */
  static boolean destroy(Path path) {
    return at(path, absolute -> destroy(absolute, BookOptions.DEFAULT));
  }

  /** What is done with the book at an absolute path. */
  private interface Work<T> {
    T at(Path path) throws IOException;
  }

  /** Checks a path, and says what the system refuses. */
  private static <T> T at(Path path, Work<T> work) {
    Path absolute = path.toAbsolutePath().normalize();
    checkName(path, absolute.getFileName());
    FileSystemCheck.check(absolute);
    try {
      OwnerCheck.check(absolute);
      OwnerCheck.check(absolute.resolveSibling(SideFile.NAME));
      return work.at(absolute);
    } catch (AccessDeniedException e) {
      throw new BookException.Refused(
          "permission denied: denied=" + e.getFile() + ", file=" + path + "; check owner and mode",
          e);
    } catch (NoSuchFileException e) {
      throw new BookException.Refused(
          "the directory does not exist: directory="
              + absolute.getParent()
              + ", file="
              + path
              + "; create it first",
          e);
    } catch (IOException e) {
      throw new BookException.Refused(
          "the book cannot be opened: file="
              + path
              + ", reason="
              + e.getMessage()
              + "; name a file in a directory on a local file system",
          e);
    }
  }

  private static void checkName(Path path, @Nullable Path name) {
    if (name == null) {
      throw new BookException.NotABook(
          "the path names no file: file=" + path + "; name one in a directory");
    }
    int nameBytes = name.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    if (nameBytes > LONGEST_NAME_BYTES) {
      throw new BookException.Refused(
          "the file name is too long: bytes="
              + nameBytes
              + ", most="
              + LONGEST_NAME_BYTES
              + ", file="
              + path
              + "; choose a shorter one");
    }
  }

  private static OpenBook openOrCreate(Path path, BookOptions options) throws IOException {
    long deadline = deadline(options);
    boolean created = false;
    while (true) {
      BookHeader header = headerAt(path);
      if (header == null) {
        if (created) {
          checkDeadline(path, deadline);
        }
        created = create(path, options);
        if (!created) {
          awaitOthers(path, deadline);
        }
      } else if (header.state() != BookLayout.STATE_DESTROYED && !header.isOfThisBoot()) {
        salvage(path, header, options);
        deadline = deadline(options);
      } else {
        OpenBook book = attached(path, header, options, created, deadline);
        if (book != null) {
          return book;
        }
        created = false;
        checkDeadline(path, deadline);
      }
    }
  }

  private static boolean destroy(Path path, BookOptions options) throws IOException {
    long deadline = deadline(options);
    while (true) {
      BookHeader header = headerAt(path);
      if (header == null) {
        return false;
      }
      if (header.state() != BookLayout.STATE_DESTROYED && !header.isOfThisBoot()) {
        sideFileOf(path, header).close();
        if (deleteUnused(path, header, deadline)) {
          return true;
        }
      } else {
        try (OpenBook book = attached(path, header, options, false, deadline)) {
          if (book != null && book.destroy()) {
            return true;
          }
        } catch (BookException.Closed e) {
          // others were faster
        }
      }
      checkDeadline(path, deadline);
    }
  }

  private static long deadline(BookOptions options) {
    return System.nanoTime() + options.lockTimeout().toNanos();
  }

  private static void checkDeadline(Path path, long deadline) {
    if (System.nanoTime() - deadline >= 0) {
      throw new BookException.LockTimeout(
          "others replace or destroy the book each time that it is opened: file="
              + path
              + "; see what the processes do that use it");
    }
  }

  /** The header of the book at a path; null if there is no file. */
  private static @Nullable BookHeader headerAt(Path path) throws IOException {
    try {
      return BookHeader.read(path);
    } catch (NoSuchFileException e) {
      return null;
    } catch (java.io.FileNotFoundException e) {
      throw denied(path, e);
    }
  }

  private static void salvage(Path path, BookHeader header, BookOptions options)
      throws IOException {
    try (SideFile sideFile = sideFileOf(path, header)) {
      Salvage.run(path, header, sideFile, options);
    } catch (NoSuchFileException e) {
      // destroyed meanwhile
    }
  }

  /**
   * Opens the file that has this header; null if the path is to be looked at once more, for the
   * book was destroyed or replaced.
   */
  private static @Nullable OpenBook attached(
      Path path, BookHeader header, BookOptions options, boolean created, long deadline)
      throws IOException {
    if (header.state() == BookLayout.STATE_DESTROYED) {
      deleteUnused(path, header, deadline);
      return null;
    }
    SideFile sideFile = sideFileOf(path, header);
    boolean kept = false;
    try {
      BookFile file = attach(path, header, sideFile, options);
      if (file == null) {
        return null;
      }
      OpenBook book = new OpenBook(path, options, sideFile, file, created);
      kept = true;
      return settled(book, deadline);
    } catch (BookException.Closed | NoSuchFileException e) {
      return null; // destroyed since its header was read
    } finally {
      if (!kept) {
        sideFile.close();
      }
    }
  }

  /**
   * Deletes a file that nobody uses, for it is marked destroyed, or nobody has opened it since the
   * machine was started: under the right to replace the book's file, and not a rival's new book
   * that took its place. False if it was not there.
   */
  static boolean deleteUnused(Path path, BookHeader header, long deadline) throws IOException {
    try (SideFile sideFile = SideFile.open(NewFile.directory(path), true)) {
      long right = SideFileLayout.maintenancePosition(header.bookId());
      while (!sideFile.tryLock(right)) {
        if (System.nanoTime() - deadline >= 0) {
          throw new BookException.LockTimeout(
              "another process holds the right to delete the destroyed book, and does not: file="
                  + path
                  + "; see what the processes do that have it open");
        }
        Pause.park(sideFile, PARK_NANOS);
      }
      try {
        BookHeader now = BookHeader.read(path);
        if (now.fileId() != header.fileId()) {
          return false;
        }
        if (!now.isOfThisBoot()) {
          Vacuum.removeLeftovers(NewFile.directory(path), now.bookId());
        } else if (now.state() != BookLayout.STATE_DESTROYED) {
          return false;
        }
        return Files.deleteIfExists(path);
      } catch (NoSuchFileException e) {
        return false; // somebody else has deleted it
      } finally {
        sideFile.unlock(right);
      }
    }
  }

  private static IOException denied(Path path, java.io.FileNotFoundException e) {
    if (Files.isReadable(path) && Files.isWritable(path)) {
      return e; // for another reason, such as too many open files
    }
    AccessDeniedException denied = new AccessDeniedException(path.toString());
    denied.initCause(e);
    return denied;
  }

  private static SideFile sideFileOf(Path path, BookHeader header) throws IOException {
    SideFile sideFile;
    try {
      sideFile = SideFile.open(NewFile.directory(path), false);
    } catch (NoSuchFileException e) {
      throw new BookException.Refused(
          "the side file of the book's directory is missing: sideFile="
              + path.resolveSibling(SideFile.NAME)
              + ", file="
              + path
              + "; without it processes could not see each other: put it back, or delete the book",
          e);
    }
    boolean sound = false;
    try {
      checkSideFile(sideFile, header, path);
      sound = true;
      return sideFile;
    } finally {
      if (!sound) {
        sideFile.close();
      }
    }
  }

  private static void checkSideFile(SideFile sideFile, BookHeader header, Path path) {
    if (sideFile.id() != header.sideFileId()) {
      throw new BookException.Refused(
          "the book belongs to another directory's side file: sideFileId="
              + header.sideFileId()
              + ", found="
              + sideFile.id()
              + ", sideFile="
              + sideFile.path()
              + ", file="
              + path
              + "; two processes could not see each other: put the book back, or copy its side file with it");
    }
  }

  private static OpenBook settled(OpenBook book, long deadline) {
    boolean settled = false;
    try {
      do {
        book.settle(deadline);
      } while (book.file().state() != BookLayout.STATE_NORMAL);
      book.counters().inherit(book.file());
      settled = true;
      return book;
    } finally {
      if (!settled) {
        book.close();
      }
    }
  }

  /** Maps the file and claims a slot in it; null if the path names another file by now. */
  private static @Nullable BookFile attach(
      Path path, BookHeader header, SideFile sideFile, BookOptions options) throws IOException {
    PageMemory memory = PageMemory.open(path);
    boolean attached = false;
    try {
      if (!memory.ensureCovers(0, BookLayout.GENERATIONS_OFFSET)
          || memory.getLongAcquire(BookLayout.FILE_ID_OFFSET) != header.fileId()
          || memory.getLongAcquire(BookLayout.STATE_OFFSET) == BookLayout.STATE_DESTROYED) {
        return null;
      }
      BookFile file = BookFile.claim(header, memory, sideFile, options);
      attached = true;
      return file;
    } finally {
      if (!attached) {
        memory.close();
      }
    }
  }

  /** Creates the book unless another process does; true if it was this call. */
  private static boolean create(Path path, BookOptions options) throws IOException {
    Path directory = path.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new NoSuchFileException(path.toString());
    }
    try (SideFile sideFile = SideFile.open(directory, true)) {
      int shards = options.shards() != 0 ? options.shards() : defaultShards(options);
      int pageBytes = options.pageSizeBytes();
      long initial = (options.initialSizeBytes() + pageBytes - 1) / pageBytes;
      long maximum = maximumPages(options, shards);
      BookHeader header =
          new BookHeader(
              pageBytes,
              shards,
              NewFile.randomId(),
              NewFile.randomId(),
              NewFile.randomSeed(),
              sideFile.id(),
              maximum == 0 ? initial : Math.min(initial, maximum),
              maximum,
              options.maximumEntries(),
              options.onFull() == BookOptions.OnFull.EVICT
                  ? BookLayout.ON_FULL_EVICT
                  : BookLayout.ON_FULL_FAIL,
              Boot.id(),
              BookLayout.STATE_NORMAL);
      NewFile.removeUnborn(directory, sideFile);
      boolean created = create(path, header, sideFile);
      if (created && options.forceInterval() != null) {
        NewFile.forceName(path);
      }
      return created;
    } catch (IOException e) {
      if (!PageMemory.isForLackOfRoom(e)) {
        throw e;
      }
      throw new BookException.Full(
          "the book cannot be created: file="
              + path
              + ", reason="
              + e.getMessage()
              + "; make room on the file system",
          e);
    }
  }

  private static boolean create(Path path, BookHeader header, SideFile sideFile)
      throws IOException {
    long right = SideFileLayout.maintenancePosition(header.bookId());
    if (!sideFile.tryLock(right)) {
      return false; // another book's ID by chance, or somebody locks bytes that are not his
    }
    try {
      Path complete =
          NewFile.write(path.resolveSibling(NewFile.creationName(header.bookId())), header);
      try {
        Files.createLink(path, complete);
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      } finally {
        Files.deleteIfExists(complete);
      }
    } catch (NoSuchFileException e) {
      return false; // taken for a dead one's: the kernel dropped the lock, or the directory is gone
    } finally {
      sideFile.unlock(right);
    }
  }

  /** Whoever did not create a book finds it there, or waits a moment before the next try. */
  private static void awaitOthers(Path path, long deadline) {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (System.nanoTime() - deadline >= 0) {
      throw new BookException.LockTimeout(
          "the book cannot be created, for somebody locks bytes of the side file: sideFile="
              + path.resolveSibling(SideFile.NAME)
              + ", file="
              + path
              + "; see who has it open, besides those who use books");
    }
    Pause.park(path, PARK_NANOS);
  }

  private static int defaultShards(BookOptions options) {
    long shards = DEFAULT_SHARDS;
    if (options.maximumSizeBytes() != 0) {
      shards = Math.min(shards, Math.max(1, options.maximumSizeBytes() / BYTES_PER_SHARD));
    }
    if (options.maximumEntries() != 0) {
      shards = Math.min(shards, Math.max(1, options.maximumEntries() / ENTRIES_PER_SHARD));
    }
    return (int) Long.highestOneBit(shards);
  }

  private static long maximumPages(BookOptions options, int shards) {
    if (options.maximumSizeBytes() == 0) {
      return 0;
    }
    BookHeader probe =
        new BookHeader(options.pageSizeBytes(), shards, 0, 0, 0, 0, 0, 0, 0, 0, Boot.id(), 0);
    long pages = options.maximumSizeBytes() / options.pageSizeBytes();
    if (pages <= probe.geometry().smallestPageCount()) {
      throw new IllegalArgumentException(
          "the maximum size leaves no room for records: maximumSizeBytes="
              + options.maximumSizeBytes()
              + ", needed more than="
              + probe.geometry().position(probe.geometry().smallestPageCount())
              + "; raise it, or use fewer shards or smaller pages");
    }
    return pages;
  }
}
