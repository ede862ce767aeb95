package io.pagebook.book;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.ClassArchive;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Very many deaths, short lives: {@code -Dpagebook.kills=N} says how many in all, spread over the
 * kinds of work.
 */
@Timeout(value = 36_000, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ManyKillsIT {
  private static final int KINDS = 4;
  private static final int KILLS = (Integer.getInteger("pagebook.kills", 500) + KINDS - 1) / KINDS;

  @TempDir private static Path archives;
  private static ClassArchive archive;

  @BeforeAll
  static void prepareArchive() {
    archive = new ClassArchive(archives);
  }

  @Nested
  final class OnDisk {
    @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

    @Test
    void readsAndWrites() throws IOException, InterruptedException {
      new KillLoop("storm on reads and writes", books, false)
          .storm(KILLS, BookOptions.DEFAULT, archive);
    }

    @Test
    void vacuumsAndBookWideLocksToo() throws IOException, InterruptedException {
      new KillLoop("storm on everything", books, true).storm(KILLS, BookOptions.DEFAULT, archive);
    }

    @Test
    void oneShardOfSmallPages() throws IOException, InterruptedException {
      new KillLoop("storm on one shard of small pages", books, false)
          .storm(KILLS, BookOptions.DEFAULT.withPageSizeBytes(1 << 10).withShards(1), archive);
    }
  }

  @Nested
  final class InMemory {
    @RegisterExtension final CheckedBooks books = CheckedBooks.inSharedMemory();

    @Test
    void everything() throws IOException, InterruptedException {
      new KillLoop("storm on everything in shared memory", books, true)
          .storm(KILLS, BookOptions.DEFAULT, archive);
    }
  }
}
