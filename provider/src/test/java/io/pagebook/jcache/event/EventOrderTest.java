package io.pagebook.jcache.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventOrderTest {
  private final EventOrder order = new EventOrder();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void deliveriesOfOneKeyFollowTheirTickets() {
    List<Integer> delivered = Collections.synchronizedList(new ArrayList<>());
    List<EventOrder.Ticket> tickets = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      tickets.add(order.take("key"));
    }

    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int i = 19; i >= 0; i--) {
      int number = i;
      running.add(
          CompletableFuture.runAsync(
              () -> order.run(tickets.get(number), () -> delivered.add(number)), threads));
    }

    assertThat(CompletableFuture.allOf(running.toArray(CompletableFuture<?>[]::new)))
        .succeedsWithin(30, TimeUnit.SECONDS);
    assertThat(delivered).containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
  }

  @Test
  void otherKeysDoNotWait() {
    order.take("key");
    EventOrder.Ticket other = order.take("other");
    List<String> delivered = new ArrayList<>();

    order.run(other, () -> delivered.add("other"));

    assertThat(delivered).containsExactly("other");
  }

  @Test
  void aDeliveryWithinADeliveryDoesNotWait() {
    List<String> delivered = new ArrayList<>();
    EventOrder.Ticket outer = order.take("key");
    order.take("key"); // another thread's, which comes after this one

    order.run(
        outer,
        () -> {
          EventOrder.Ticket inner = order.take("key");
          order.run(inner, () -> delivered.add("inner"));
          delivered.add("outer");
        });

    assertThat(delivered).containsExactly("inner", "outer");
  }

  @Test
  void aFailedDeliveryLetsTheNextOneThrough() {
    EventOrder.Ticket first = order.take("key");
    EventOrder.Ticket second = order.take("key");
    List<String> delivered = new ArrayList<>();

    assertThat(
            catchThrowable(
                () ->
                    order.run(
                        first,
                        () -> {
                          throw new IllegalStateException("on purpose");
                        })))
        .hasMessage("on purpose");
    order.run(second, () -> delivered.add("second"));

    assertThat(delivered).containsExactly("second");
  }
}
