package io.pagebook.book;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads of a test, whose failures are the test's failures and which end with it. */
final class Workers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ExecutorService executor =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
          });
  private final List<Future<?>> futures = new ArrayList<>();

  /** What a worker does. */
  interface Task {
    void run() throws Exception;
  }

  /** Starts a worker that {@link #join} waits for. */
  void start(String name, Task task) {
    futures.add(begin(name, task));
  }

  /** Starts a worker whose end the caller looks after. */
  Future<?> begin(String name, Task task) {
    return call(
        name,
        () -> {
          task.run();
          return null;
        });
  }

  /** Starts a worker whose result the caller wants. */
  <T> Future<T> call(String name, Callable<T> task) {
    return executor.submit(
        () -> {
          Thread.currentThread().setName(name);
          return task.call();
        });
  }

  /** Waits for all that were started and throws what the first failed one threw. */
  void join() {
    for (Future<?> future : futures) {
      get(future, PATIENCE);
    }
  }

  /** The result of one of them. */
  static <T> T get(Future<T> future, Duration deadline) {
    try {
      return future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      if (e.getCause() instanceof RuntimeException exception) {
        throw exception;
      }
      throw new AssertionError("a worker failed", e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("a worker does not end: deadline=" + deadline, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for a worker", e);
    }
  }

  /** Interrupts those that still run. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
