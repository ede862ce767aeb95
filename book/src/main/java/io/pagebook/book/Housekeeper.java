package io.pagebook.book;

import io.pagebook.book.memory.PageMemory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * The one background thread of the engine in a class loader, for all its open books: signs of life,
 * giving back what dead processes held, publishing counters, watching the files, forcing. It ends
 * when no book is open, and holds books only weakly.
 */
final class Housekeeper {
  private static final long BEAT_NANOS = 20_000_000;
  private static final int BEATS_PER_RECLAIM = 10;
  private static final int BEATS_PER_SECOND = 50;

  private static final CopyOnWriteArrayList<Entry> BOOKS = new CopyOnWriteArrayList<>();
  private static final Object STARTING = new Object();
  private static boolean running;

  private Housekeeper() {}

  /** One book, and when it is to be forced next. */
  private static final class Entry {
    private final WeakReference<OpenBook> book;
    private final long forceNanos;
    private long nextForce;
    private boolean published;

    /**
     * Something failed: a page may be gone, and whatever touches it fails until it is looked at.
     */
    private boolean suspicious;

    Entry(OpenBook book) {
      this.book = new WeakReference<>(book);
      Duration interval = book.options().forceInterval();
      this.forceNanos = interval == null || interval.isZero() ? 0 : interval.toNanos();
      this.nextForce = System.nanoTime() + forceNanos;
    }
  }

  static void add(OpenBook book) {
    BOOKS.add(new Entry(book));
    synchronized (STARTING) {
      if (!running) {
        Thread thread = new Thread(Housekeeper::run, "pagebook-housekeeper");
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
        running = true; // else there is no memory for a thread: the next book tries again
      }
    }
  }

  static void remove(OpenBook book) {
    BOOKS.removeIf(entry -> entry.book.get() == book);
  }

  private static void run() {
    boolean needed = true;
    for (long beat = 1; needed; beat++) {
      try {
        LockSupport.parkNanos(BEAT_NANOS);
        Thread.interrupted(); // nobody's to ask it to end, and with the flag set it would spin
        needed = beat(beat % BEATS_PER_RECLAIM == 0, beat % BEATS_PER_SECOND == 0);
        PageMemory.throwLateError(); // here, and not outside, where it would end this thread
      } catch (RuntimeException | Error e) {
        // there was no memory even to say so, or the logger failed: books go on to need their signs
        // of life
      }
    }
  }

  /** False if no book is open any more. */
  private static boolean beat(boolean reclaim, boolean second) {
    for (Entry entry : BOOKS) {
      if (!keep(entry, reclaim, second)) {
        BOOKS.remove(entry);
      }
    }
    synchronized (STARTING) {
      running = !BOOKS.isEmpty();
      return running;
    }
  }

  /**
   * One beat of one book; false if nobody has it any more. A method of its own, so that no local
   * variable of the thread holds a book from beat to beat.
   */
  private static boolean keep(Entry entry, boolean reclaim, boolean second) {
    OpenBook book = entry.book.get();
    if (book == null) {
      return false;
    }
    try {
      if (second || entry.suspicious) {
        book.watch();
        entry.suspicious = false;
      }
      book.beat();
      if (reclaim) {
        book.reclaimDead();
      }
      if (second || !entry.published) {
        entry.published = true; // also if it fails: once a second is often enough to say so
        entry.published = book.publishCounters();
      }
      if (entry.forceNanos != 0 && System.nanoTime() - entry.nextForce >= 0) {
        entry.nextForce = System.nanoTime() + entry.forceNanos;
        book.force();
      }
    } catch (RuntimeException | Error e) {
      entry.suspicious = true;
      PageMemory.throwLateError(); // rather than in the logger; the beat is lost
      if (book.isOpen()) { // else it was closed under our hands
        System.getLogger("io.pagebook.book")
            .log(System.Logger.Level.WARNING, "housekeeping failed: file=" + book.path(), e);
      }
    }
    return true;
  }
}
