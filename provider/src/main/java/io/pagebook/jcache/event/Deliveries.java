package io.pagebook.jcache.event;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When this thread may run listeners: not while it holds the stripe of a key, of whichever cache.
 * What it has to deliver meanwhile, because a processor, loader or writer changed another entry,
 * waits until the last stripe is released.
 */
/*
 * Two threads that each hold a stripe and wait for the other's listener would wait for ever. A thread that holds none
 * keeps nobody from going on: it delivers in the order in which it took its places in the queues of the keys, and who
 * is before it in one of them took that place earlier.
 *
 * The thread-locals hold types of the JDK only: those of this provider would keep its class loader alive as long as
 * the thread.
 */
public final class Deliveries {
  private static final int STRIPES = 0;
  private static final int LISTENERS = 1;

  private static final ThreadLocal<int[]> COUNTS = ThreadLocal.withInitial(() -> new int[2]);
  private static final ThreadLocal<ArrayDeque<Runnable>> WAITING =
      ThreadLocal.withInitial(ArrayDeque::new);

  private Deliveries() {}

  /** This thread has taken the stripe of a key. */
  public static void stripeTaken() {
    COUNTS.get()[STRIPES]++;
  }

  /**
   * This thread has released the stripe of a key, and has something to deliver or not. If that was
   * its last stripe, it delivers all that waits.
   *
   * @throws RuntimeException what the first failing delivery throws, after all others
   */
  public static void stripeReleased(@Nullable Runnable delivery) {
    int held = --COUNTS.get()[STRIPES];
    if (delivery == null && held > 0) {
      return;
    }
    ArrayDeque<Runnable> waiting = WAITING.get();
    if (delivery != null) {
      waiting.add(delivery);
    }
    if (held == 0 && !waiting.isEmpty()) {
      List<Runnable> all = List.copyOf(waiting);
      waiting.clear(); // what a listener does is delivered on its own
      deliver(all);
    }
  }

  /** Whether this thread is in a listener, of whichever cache. */
  static boolean isDelivering() {
    return COUNTS.get()[LISTENERS] > 0;
  }

  /** Runs a listener, or what calls it. */
  static void run(Runnable delivery) {
    int[] counts = COUNTS.get();
    counts[LISTENERS]++;
    try {
      delivery.run();
    } finally {
      counts[LISTENERS]--;
    }
  }

  private static void deliver(List<Runnable> deliveries) {
    Throwable failure = null;
    for (Runnable next : deliveries) {
      try {
        next.run();
      } catch (RuntimeException | Error e) {
        if (failure == null) {
          failure = e;
        } else if (failure != e) {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw (RuntimeException) failure;
    }
  }
}
