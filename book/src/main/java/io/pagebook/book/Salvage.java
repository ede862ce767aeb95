package io.pagebook.book;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.SideFileLayout;
import io.pagebook.book.layout.SlotLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.process.Participant;
import io.pagebook.book.process.Pause;
import io.pagebook.book.process.SideFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Serves a book again after the machine has stopped: its pages may have reached the disk in any
 * order, so nothing of it is believed. Each record that verifies is copied to a new file, and only
 * that one is served; the old file is never written.
 */
final class Salvage {
  private static final long PARK_NANOS = 2_000_000;

  private Salvage() {}

  /**
   * Replaces the file of this header, unless it was replaced: then its header is another.
   *
   * @throws BookException.LockTimeout if whoever does it wrote nothing for as long
   */
  static void run(Path path, BookHeader header, SideFile sideFile, BookOptions options)
      throws IOException {
    long right = SideFileLayout.maintenancePosition(header.bookId());
    long deadline = System.nanoTime() + options.lockTimeout().toNanos();
    long copied = copiedBytes(path, header.bookId());
    while (!sideFile.tryLock(right)) {
      Pause.park(sideFile, PARK_NANOS); // whoever has it copies, and the kernel drops it if it dies
      if (BookHeader.read(path).fileId() != header.fileId()) {
        return;
      }
      if (System.nanoTime() - deadline >= 0) {
        long now = copiedBytes(path, header.bookId());
        if (now == copied) {
          throw new BookException.LockTimeout(
              "another process verifies the book, and gets no further: copiedBytes="
                  + now
                  + ", file="
                  + path
                  + "; see what the processes do that open it");
        }
        copied = now;
        deadline = System.nanoTime() + options.lockTimeout().toNanos();
      }
    }
    try {
      if (BookHeader.read(path).fileId() == header.fileId()) {
        replace(path, header, sideFile, options);
      }
    } finally {
      sideFile.unlock(right);
    }
  }

  /** How much those have written who copy the book, or died while they did. */
  private static long copiedBytes(Path path, long bookId) throws IOException {
    long bytes = 0;
    try (DirectoryStream<Path> copies =
        Files.newDirectoryStream(NewFile.directory(path), NewFile.prefix(bookId) + "*")) {
      for (Path copy : copies) {
        bytes += Files.size(copy);
      }
    } catch (NoSuchFileException e) {
      // it has got further
    }
    return bytes;
  }

  private static void replace(Path path, BookHeader header, SideFile sideFile, BookOptions options)
      throws IOException {
    System.getLogger("io.pagebook.book")
        .log(
            System.Logger.Level.INFO,
            "the machine was started anew since the book was used: verifying it, file={0}, bytes={1}",
            path,
            Files.size(path));
    // nobody has it open, so nobody needs what a vacuum or a salvage left that died
    Vacuum.removeLeftovers(NewFile.directory(path), header.bookId());
    Path temporary =
        NewFile.write(
            path.resolveSibling(NewFile.copyName(header.bookId())),
            Vacuum.headerOfCopy(header, BookLayout.STATE_NORMAL));
    boolean replaced = false;
    try (PageMemory source = PageMemory.open(path);
        PageMemory target = PageMemory.open(temporary)) {
      Participant visitor = Participant.visitor(sideFile);
      BookFile from = BookFile.detached(header, source, sideFile, visitor, options);
      BookFile to =
          BookFile.detached(BookHeader.read(temporary), target, sideFile, visitor, options);
      BookCopier.copy(from, to, true);
      copyCounters(from, to);
      Vacuum.finish(target, to, header);
      Files.move(
          temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      replaced = true;
      NewFile.forceName(path);
    } finally {
      if (!replaced) {
        Files.deleteIfExists(temporary);
      }
    }
  }

  /** Whoever counted is gone; each word reached the disk as it was at some time. */
  private static void copyCounters(BookFile from, BookFile to) {
    for (int slot = 0; slot < BookLayout.SLOTS; slot++) {
      for (int i = 0; i < SlotLayout.COUNTERS; i++) {
        long counter = Math.max(0, from.participants().counter(slot, i));
        to.memory().putLongPlain(to.geometry().slot(slot) + SlotLayout.counterOffset(i), counter);
      }
    }
  }
}
