package io.pagebook.jcache.event;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes listeners hear of one key's events in the order in which they happened, although they hear
 * of them after the key is unlocked. Whoever changes an entry takes a ticket while the key is
 * locked, and waits for its turn after that. Thread-safe.
 */
/*
 * A thread that is inside a listener takes no tickets: the change that it makes there would wait for the event
 * that it is still delivering. Its event is delivered at once.
 *
 * A listener that hands work on the same key to another thread and waits for it would wait for ever; so the wait
 * has an end, after which the event is delivered out of order.
 */
final class EventOrder {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ConcurrentHashMap<Object, Queue> queues = new ConcurrentHashMap<>();

  /** A place in the queue of a key; the key is locked by the caller. */
  Ticket take(Object key) {
    if (Deliveries.isDelivering()) {
      return new Ticket(key, null, 0);
    }
    long[] number = new long[1];
    Queue queue =
        queues.compute(
            key,
            (k, present) -> {
              Queue target = present == null ? new Queue() : present;
              number[0] = target.taken++;
              return target;
            });
    return new Ticket(key, queue, number[0]);
  }

  /** Runs a delivery when its turn comes. */
  void run(Ticket ticket, Runnable delivery) {
    Queue queue = ticket.queue;
    if (queue != null) {
      queue.await(ticket.number);
    }
    try {
      Deliveries.run(delivery);
    } finally {
      if (queue != null) {
        queues.computeIfPresent(ticket.key, (k, present) -> present.finish() ? null : present);
      }
    }
  }

  /** A place in the queue of a key, or outside of all queues. */
  record Ticket(Object key, @Nullable Queue queue, long number) {}

  /** The events of one key that were not delivered yet. {@code taken} is guarded by the map. */
  static final class Queue {
    private long taken;
    private long finished;

    private synchronized void await(long number) {
      long deadline = System.nanoTime() + PATIENCE_NANOS;
      boolean interrupted = false;
      while (finished < number) {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()) + 1;
        if (millis <= 1) {
          break;
        }
        try {
          wait(millis);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    /** Ends one delivery; whether it was the last. */
    private synchronized boolean finish() {
      finished++;
      notifyAll();
      return finished == taken;
    }
  }
}
