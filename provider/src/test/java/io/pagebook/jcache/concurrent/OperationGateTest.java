package io.pagebook.jcache.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class OperationGateTest {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

  private final OperationGate gate = new OperationGate();

  @Test
  void nobodyEntersAShutGate() {
    assertThat(gate.enter()).isTrue();
    gate.leave();

    gate.shut(0, PATIENCE);

    assertThat(gate.enter()).isFalse();
  }

  @Test
  void shuttingWaitsForThoseInside() {
    assertThat(gate.enter()).isTrue();
    AtomicBoolean shut = new AtomicBoolean();
    CompletableFuture<Void> closing =
        CompletableFuture.runAsync(
            () -> {
              gate.shut(0, PATIENCE);
              shut.set(true);
            });
    await().until(() -> refuses());
    assertThat(shut).isFalse();

    gate.leave();

    assertThat(closing).succeedsWithin(PATIENCE, TimeUnit.NANOSECONDS);
  }

  @Test
  void theCallersOwnOperationsAreNotWaitedFor() {
    assertThat(gate.enter()).isTrue();

    gate.shut(1, PATIENCE);

    assertThat(gate.enter()).isFalse();
  }

  @Test
  void waitingHasAnEnd() {
    assertThat(gate.enter()).isTrue();

    gate.shut(0, TimeUnit.MILLISECONDS.toNanos(1));

    assertThat(gate.enter()).isFalse();
  }

  private boolean refuses() {
    if (gate.enter()) {
      gate.leave();
      return false;
    }
    return true;
  }
}
