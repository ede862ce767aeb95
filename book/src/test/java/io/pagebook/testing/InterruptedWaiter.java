package io.pagebook.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that is interrupted again and again while it waits, and should wait on, keep the
 * interrupt, and leave the processor to others.
 */
public final class InterruptedWaiter {
  private static final Duration INTERRUPTED = Duration.ofMillis(200);

  /** For how long a waiter's processor time is looked at, and the most that it may have used. */
  private static final Duration WATCHED = Duration.ofMillis(300);

  private static final Duration BUSY = Duration.ofMillis(200);

  private InterruptedWaiter() {}

  /**
   * Runs a call on a thread of its own, interrupts it while it waits, and lets it end.
   *
   * @param call what waits; what it throws fails the test
   * @param release ends the wait
   */
  public static void assertWaitsOn(Runnable call, Runnable release) {
    AtomicBoolean kept = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread waiter =
        new Thread(
            () -> {
              call.run();
              kept.set(Thread.interrupted());
            },
            "waiter");
    waiter.setDaemon(true);
    waiter.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
    waiter.start();
    try {
      interruptWaiting(waiter);
    } catch (AssertionError e) {
      if (failure.get() != null) {
        e.addSuppressed(failure.get());
      }
      throw e;
    } finally {
      release.run();
    }
    await().atMost(ChildJvm.PATIENCE).until(() -> !waiter.isAlive());
    if (failure.get() != null) {
      throw new AssertionError("the interrupted call failed", failure.get());
    }
    assertThat(kept).as("the interrupt is kept").isTrue();
  }

  /** Interrupts a thread as soon as it waits, and for a while; it must wait on. */
  public static void interruptWaiting(Thread waiter) {
    await()
        .atMost(ChildJvm.PATIENCE)
        .until(() -> waiter.getState() == Thread.State.TIMED_WAITING || !waiter.isAlive());
    long end = System.nanoTime() + INTERRUPTED.toNanos();
    while (System.nanoTime() < end) {
      waiter.interrupt();
      LockSupport.parkNanos(1_000_000);
    }
    assertIdle(waiter);
    assertThat(waiter.isAlive()).as("it waits").isTrue();
  }

  /**
   * That a thread takes nearly no processor time in the next moments; a busy machine makes it less,
   * never more.
   */
  public static void assertIdle(Thread thread) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = threads.getThreadCpuTime(thread.getId());
    long end = System.nanoTime() + WATCHED.toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    Duration used = Duration.ofNanos(threads.getThreadCpuTime(thread.getId()) - before);
    assertThat(used).as("processor time of the thread %s", thread.getName()).isLessThan(BUSY);
  }
}
