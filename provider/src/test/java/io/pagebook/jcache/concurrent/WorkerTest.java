package io.pagebook.jcache.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkerTest {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

  private final Worker worker = new Worker("worker", WorkerTest.class.getClassLoader());

  @Test
  void tasksRunInOrderAndCloseWaitsForThem() {
    List<Integer> done = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int number = i;
      worker.submit(() -> done.add(number));
    }

    worker.close(PATIENCE);

    assertThat(done).containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
  }

  @Test
  void aClosedWorkerTakesNoTask() {
    worker.close(PATIENCE);

    assertThat(worker.submit(() -> {})).isFalse();
  }

  @Test
  void aTaskMayCloseItsWorker() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    worker.submit(
        () -> {
          worker.close(PATIENCE);
          closed.complete(null);
        });

    assertThat(closed).succeedsWithin(10, TimeUnit.SECONDS);
  }
}
