package io.pagebook.book.memory;

import org.jspecify.annotations.Nullable;

/**
 * Fails a thread inside the engine, right behind a store: with an OutOfMemoryError, as an
 * allocation there might. Not behind a volatile store or a compare-and-set, whose caller has to
 * note that it happened before anything else can. In a process that was started with {@link
 * StoreRecorder#OPTION}.
 */
public final class FailingStore implements StoreLog.Listener {
  private final Thread thread = Thread.currentThread();
  private final int failAt;
  private int stores;

  private FailingStore(int failAt) {
    this.failAt = failAt;
  }

  /**
   * From here on the stores of this thread are counted.
   *
   * @param failAt behind which of them, counted from 1, an error is thrown; 0 for none
   */
  public static FailingStore start(int failAt) {
    if (StoreLog.ifAskedFor() == null) {
      throw new IllegalStateException("started without " + StoreRecorder.OPTION);
    }
    FailingStore failing = new FailingStore(failAt);
    StoreLog.listener = failing;
    return failing;
  }

  /** Ends counting, and returns how many there were; as many as it was to fail at if it failed. */
  public int stop() {
    StoreLog.listener = (memory, access, position, length) -> {};
    return stores;
  }

  @Override
  public void stored(
      @Nullable PageMemory memory, StoreLog.Access access, long position, long length) {
    if (Thread.currentThread() != thread
        || access == StoreLog.Access.VOLATILE
        || (stores == failAt && failAt != 0)) {
      return;
    }
    stores++;
    if (stores == failAt) {
      throw new OutOfMemoryError("injected behind store " + stores);
    }
  }
}
