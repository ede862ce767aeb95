package io.pagebook.jcache.concurrent;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A thread that runs tasks one after the other. It exists only while there are any, so an idle
 * worker holds on to nothing. Thread-safe.
 */
public final class Worker {
  private static final long IDLE_SECONDS = 5;

  private final ThreadPoolExecutor executor;
  private volatile @Nullable Thread current;

  /**
   * A worker without a thread yet.
   *
   * @param name of its thread
   * @param loader the thread's context class loader
   */
  public Worker(String name, ClassLoader loader) {
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              thread.setContextClassLoader(loader);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
  }

  /** Runs a task later; false if the worker was closed. */
  public boolean submit(Runnable task) {
    try {
      executor.execute(
          () -> {
            current = Thread.currentThread();
            try {
              task.run();
            } finally {
              current = null;
            }
          });
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /**
   * Takes no more tasks, and waits for those that it has; called from one of them, it does not
   * wait.
   */
  public void close(long timeoutNanos) {
    executor.shutdown();
    if (Thread.currentThread() == current) {
      return;
    }
    boolean interrupted = false;
    long deadline = System.nanoTime() + timeoutNanos;
    boolean done = false;
    while (!done && deadline - System.nanoTime() > 0) {
      try {
        done = executor.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
