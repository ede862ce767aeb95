package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Threads that wait for a shard's lock while a vacuum replaces the file, and get it in the old file
 * after another thread of theirs has followed to the new one and closed the old: what others had
 * added to that can no longer be mapped.
 */
@Timeout(300)
final class FollowedFileTest {
  private static final int ROUNDS = 50;
  private static final int KEY = 1;
  private static final int OTHER_KEY = 2;
  private static final int THIRD_KEY = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final byte[] VALUE = {1, 2, 3};

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  @Test
  void whoWaitedInTheOldFileGoesOnInTheNew() throws InterruptedException {
    PageBook writer = books.open("a.book", BookOptions.DEFAULT.withShards(1));
    writer.putBytes(KEY, VALUE);
    PageBook book = books.open("a.book", BookOptions.DEFAULT);
    AtomicBoolean ended = new AtomicBoolean();
    AtomicLong seen = new AtomicLong();
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    Runnable[] works = {
      () ->
          assertThat(book.view(KEY, slice -> assertThat(slice.get(0)).isEqualTo(VALUE[0])))
              .isTrue(),
      () -> assertThat(book.getBytes(KEY)).isEqualTo(VALUE),
      () -> assertThat(book.ids().nextInt()).isIn(KEY, OTHER_KEY, THIRD_KEY),
      () -> book.putBytes(THIRD_KEY, VALUE),
      () -> book.lockForReading(PATIENCE).close(),
      () -> book.lockForWriting(PATIENCE).close()
    };
    Thread[] threads = new Thread[works.length];
    for (int i = 0; i < works.length; i++) {
      Runnable work = works[i];
      threads[i] =
          new Thread(
              () -> {
                try {
                  while (!ended.get()) {
                    work.run();
                    seen.incrementAndGet();
                  }
                } catch (Throwable e) {
                  failures.add(e);
                }
              });
      threads[i].start();
    }
    for (int round = 0; round < ROUNDS && failures.isEmpty(); round++) {
      writer.putBytes(OTHER_KEY, new byte[1_000_000]);
      writer.remove(OTHER_KEY);
      writer.vacuum();
    }
    ended.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(seen.get()).isGreaterThan(ROUNDS);
  }
}
