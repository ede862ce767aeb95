package io.pagebook.book;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.layout.SideFileLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.process.SideFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.regex.Pattern;

/** A new file with an empty book in it, complete, under a temporary name that nobody opens. */
final class NewFile {
  private static final String CREATION_PREFIX = ".pagebook-new-";

  /** IDs have 50 bits. */
  private static final Pattern UNBORN_BOOK =
      Pattern.compile(Pattern.quote(CREATION_PREFIX) + "([0-3][0-9a-f]{12}|[0-9a-f]{1,12})");

  /** Nine in ten of the names that there are; a backup's name is not among them. */
  private static final Pattern UNBORN_SIDE_FILE =
      Pattern.compile(Pattern.quote(SideFile.TEMPORARY_PREFIX) + "[0-9]{15,16}");

  private static final SecureRandom RANDOM = new SecureRandom();

  private NewFile() {}

  /** A random ID of 50 bits. */
  static long randomId() {
    return RANDOM.nextLong() >>> (Long.SIZE - SideFileLayout.ID_BITS);
  }

  static long randomSeed() {
    return RANDOM.nextLong();
  }

  /** Writes the file; the header's page count is the initial one. */
  static Path write(Path path, BookHeader header) throws IOException {
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    boolean complete = false;
    try (PageMemory memory = PageMemory.open(path)) {
      long pages = Math.max(header.pageCount(), header.geometry().smallestPageCount());
      memory.appendZerosTo(header.geometry().position(pages));
      if (!memory.ensureCovers(header.geometry().position(pages) - 1, 1)) {
        throw new IOException("the file is shorter than it was made: file=" + path);
      }
      fill(memory, header, pages);
      complete = true;
      return path;
    } finally {
      if (!complete) {
        Files.deleteIfExists(path);
      }
    }
  }

  /**
   * Has the names in a file's directory reach the disk as they are now, if the file system can: the
   * power may fail before they do, and what was given another name would be found under the one
   * before. Where it cannot, what was done to the names stands all the same.
   */
  static void forceName(Path file) {
    boolean interrupted = Thread.interrupted(); // it would close the channel
    try (FileChannel directory = FileChannel.open(directory(file), StandardOpenOption.READ)) {
      directory.force(true);
    } catch (IOException e) {
      // as if the power failed a moment earlier
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Where a book's file is, of which the path is absolute. */
  static Path directory(Path file) {
    return Objects.requireNonNull(file.getParent(), "directory");
  }

  /** What the temporary names of a book's copies start with. */
  static String prefix(long bookId) {
    return ".pagebook-" + Long.toHexString(bookId) + "-";
  }

  static String copyName(long bookId) {
    return prefix(bookId) + Long.toHexString(randomId());
  }

  /**
   * The temporary name under which a book is created, by who holds the right to replace its file.
   */
  static String creationName(long bookId) {
    return CREATION_PREFIX + Long.toHexString(bookId);
  }

  /**
   * Deletes what processes left in a directory that died while they created a book: its file, if
   * nobody holds the right to it, and what was to be the side file that is there by now. What
   * cannot be deleted stays: it is in nobody's way.
   */
  static void removeUnborn(Path directory, SideFile sideFile) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, ".pagebook*")) {
      for (Path file : files) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          removeIfUnborn(file, sideFile);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // as far as it went
    }
  }

  private static void removeIfUnborn(Path file, SideFile sideFile) {
    String name = file.getFileName().toString();
    if (UNBORN_SIDE_FILE.matcher(name).matches()) {
      deleteIfAllowed(file);
    } else if (UNBORN_BOOK.matcher(name).matches()) {
      long id = Long.parseLong(name.substring(CREATION_PREFIX.length()), 16);
      long right = SideFileLayout.maintenancePosition(id);
      if (sideFile.tryLock(right)) {
        try {
          deleteIfAllowed(file);
        } finally {
          sideFile.unlock(right);
        }
      }
    }
  }

  private static void deleteIfAllowed(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // somebody else's, in a directory of many
    }
  }

  private static void fill(PageMemory memory, BookHeader header, long pages) {
    Geometry geometry = header.geometry();
    memory.putIntPlain(BookLayout.FORMAT_MAJOR_OFFSET, BookLayout.FORMAT_MAJOR);
    memory.putIntPlain(BookLayout.FORMAT_MINOR_OFFSET, BookLayout.FORMAT_MINOR);
    memory.putIntPlain(BookLayout.PAGE_SIZE_OFFSET, header.pageBytes());
    memory.putIntPlain(BookLayout.SHARDS_OFFSET, header.shards());
    memory.putIntPlain(BookLayout.SLOTS_OFFSET, BookLayout.SLOTS);
    memory.putIntPlain(BookLayout.STRIPES_OFFSET, BookLayout.STRIPES);
    memory.putLongPlain(BookLayout.BOOK_ID_OFFSET, header.bookId());
    memory.putLongPlain(BookLayout.FILE_ID_OFFSET, header.fileId());
    memory.putLongPlain(BookLayout.HASH_SEED_OFFSET, header.hashSeed());
    memory.putLongPlain(BookLayout.SIDE_FILE_ID_OFFSET, header.sideFileId());
    memory.putLongPlain(BookLayout.PAGE_COUNT_OFFSET, pages);
    memory.putLongPlain(BookLayout.MAXIMUM_PAGES_OFFSET, header.maximumPages());
    memory.putLongPlain(BookLayout.MAXIMUM_ENTRIES_OFFSET, header.maximumEntries());
    memory.putLongPlain(BookLayout.ON_FULL_OFFSET, header.onFull());
    memory.putLongPlain(BookLayout.BOOT_ID_HIGH_OFFSET, header.bootId().getMostSignificantBits());
    memory.putLongPlain(BookLayout.BOOT_ID_LOW_OFFSET, header.bootId().getLeastSignificantBits());
    memory.putLongPlain(BookLayout.STATE_OFFSET, header.state());
    memory.putLongPlain(BookLayout.FREE_PAGES_OFFSET, geometry.dataPages(pages));
    for (int shard = 0; shard < header.shards(); shard++) {
      fillShard(memory, geometry.shard(shard));
    }
    memory.putLongRelease(BookLayout.MAGIC_OFFSET, BookLayout.MAGIC);
    BookHeader.seal(memory);
  }

  private static void fillShard(PageMemory memory, long shard) {
    memory.putLongPlain(
        shard + ShardLayout.LEVEL_SPLIT_OFFSET,
        ShardLayout.levelSplit(BucketLayout.FIRST_LEVEL, 0));
    for (int number = 0; number < BucketLayout.CHUNK_BUCKETS; number++) {
      memory.putLongPlain(
          shard
              + ShardLayout.FIRST_CHUNK_OFFSET
              + (long) number * BucketLayout.BUCKET_BYTES
              + BucketLayout.META_OFFSET,
          BucketLayout.meta(number, 0, BucketLayout.EMPTY));
    }
  }
}
