package io.pagebook.stress.vacuum;

import io.pagebook.book.PageBook;
import io.pagebook.testing.CheckedValue;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/** A reader and a writer of this JVM that go on while other processes die. */
final class Survivors implements AutoCloseable {
  /** Leaves the processors to the one that is to die. */
  private static final long THOUGHT_NANOS = 200_000;

  private final PageBook book;
  private final int keys;
  private final int step;
  private final AtomicLong lastWrite = new AtomicLong();
  private final AtomicLong lastRead = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final Thread writer = new Thread(this::write, "surviving writer");
  private final Thread reader = new Thread(this::read, "surviving reader");
  private volatile boolean stopped;

  Survivors(PageBook book, int keys, int step) {
    this.book = book;
    this.keys = keys;
    this.step = step;
    writer.start();
    reader.start();
  }

  private void write() {
    try {
      for (long sequence = 1; !stopped; sequence++) {
        int key = (int) (sequence * step % keys);
        book.putBytes(key, new CheckedValue(key, 1, sequence, 500 + key).encode());
        lastWrite.set(System.nanoTime());
        long found = CheckedValue.decode(key, book.getBytes(key)).sequence();
        if (found != sequence) {
          throw new AssertionError("a write was lost: key=" + key + ", found=" + found);
        }
        LockSupport.parkNanos(THOUGHT_NANOS);
      }
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  private void read() {
    try {
      for (int key = 0; !stopped; key = (key + step) % keys) {
        byte[] bytes = book.getBytes(key);
        if (bytes == null) {
          throw new AssertionError("an entry was lost: key=" + key);
        }
        CheckedValue.decode(key, bytes);
        lastRead.set(System.nanoTime());
        LockSupport.parkNanos(THOUGHT_NANOS);
      }
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  /** Sees to it that both are at work. */
  void beforeDeath() {
    awaitProgress(System.nanoTime(), 30_000);
  }

  /** Waits until both have done something that ended after {@code since}; in milliseconds. */
  long awaitProgress(long since, int mostMs) {
    Awaitility.await("survivors go on")
        .atMost(Duration.ofMillis(mostMs))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              check();
              return lastWrite.get() - since > 0 && lastRead.get() - since > 0;
            });
    return (Math.max(lastWrite.get(), lastRead.get()) - since) / 1_000_000;
  }

  private void check() {
    Throwable failed = failure.get();
    if (failed != null) {
      throw new AssertionError("a survivor failed", failed);
    }
  }

  @Override
  public void close() {
    stopped = true;
    try {
      writer.join();
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    check();
  }
}
