package io.pagebook.book.process;

import io.pagebook.book.layout.SideFileLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** When the kernel drops the locks of a process that dies. */
public final class KernelLocks {
  private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  /** By then another process has the slot. */
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private KernelLocks() {}

  /**
   * Waits until the kernel has dropped the lock of a participant's slot; looks as survivors do,
   * without being in their way. Returns the {@link System#nanoTime} then.
   */
  public static long awaitRelease(Path directory, long bookId, int slot) {
    try (SideFile sideFile = SideFile.open(directory, false)) {
      long deadline = System.nanoTime() + MOST_NANOS;
      while (System.nanoTime() - deadline < 0
          && sideFile.probe(SideFileLayout.lockPosition(bookId, slot)) == SideFile.Probe.HELD) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
      return System.nanoTime();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
