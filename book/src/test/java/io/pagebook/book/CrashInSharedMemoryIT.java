package io.pagebook.book;

import io.pagebook.testing.CheckedBooks;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** As {@link CrashIT}, on a book in memory. */
@Timeout(value = 3600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CrashInSharedMemoryIT {
  @RegisterExtension final CheckedBooks books = CheckedBooks.inSharedMemory();

  @Test
  void killsDuringEverything() throws IOException, InterruptedException {
    new KillLoop("kills in shared memory", books, true).run(8, BookOptions.DEFAULT);
  }
}
