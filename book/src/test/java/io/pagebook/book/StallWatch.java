package io.pagebook.book;

import io.pagebook.testing.Parent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Watches the operations of a worker process and tells {@link StallReport}, line by line, what took
 * long and where it stood. Linux tells how much of that time a thread ran, and how much it was
 * ready to run but had no processor; the rest it waited for somebody.
 */
final class StallWatch {
  /** Starts a line: begin, end, waited nanoseconds, what, where. */
  static final String STALL = "STALL ";

  /** Starts a line: begin, end of a time in which this process kept writers out as it may. */
  static final String HELD = "HELD ";

  /** Starts a line: the nanoseconds of an operation that took longer than all before it. */
  static final String LONGEST = "LONGEST ";

  static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_FROM_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long HELD_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long SAMPLE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
  private static final int FRAMES_SHOWN = 4;
  private static final int PLACES_SHOWN = 3;

  private final Parent parent;
  private final ThreadLocal<Scheduling> scheduling = ThreadLocal.withInitial(Scheduling::new);
  private final Map<Thread, Operation> running = new ConcurrentHashMap<>();
  private final AtomicLong longest = new AtomicLong(LONGEST_FROM_NANOS);
  private volatile boolean warm;

  StallWatch(Parent parent) {
    this.parent = parent;
    Thread thread = new Thread(this::sample, "stall watch");
    thread.setDaemon(true);
    thread.start();
  }

  /** What the system says of the current thread. */
  private static final class Scheduling {
    private final RandomAccessFile file;
    private final byte[] line = new byte[100];

    Scheduling() {
      try {
        file = new RandomAccessFile("/proc/thread-self/schedstat", "r");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Nanoseconds that the thread ran or was ready to run. */
    long notWaitedNanos() {
      try {
        file.seek(0);
        int length = file.read(line);
        String[] fields = new String(line, 0, length, StandardCharsets.ISO_8859_1).split(" ", -1);
        return Long.parseLong(fields[0]) + Long.parseLong(fields[1]);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** An operation under way, and where samples found it. */
  private static final class Operation {
    private final long start = System.nanoTime();
    private final Map<String, Integer> places = new HashMap<>();

    synchronized void foundAt(String place) {
      places.merge(place, 1, Integer::sum);
    }

    synchronized String places() {
      return places.entrySet().stream()
          .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
          .limit(PLACES_SHOWN)
          .map(place -> place.getValue() + " times " + place.getKey())
          .collect(Collectors.joining(", "));
    }
  }

  /** From now on stalls are told: the first operations of a JVM wait for its classes. */
  void setWarm() {
    warm = true;
  }

  /** Runs an operation. */
  void operation(String what, Runnable action) {
    Scheduling thread = scheduling.get();
    long notWaitedBefore = thread.notWaitedNanos();
    Operation operation = new Operation();
    running.put(Thread.currentThread(), operation);
    long nanos;
    try {
      action.run();
    } finally {
      running.remove(Thread.currentThread());
      nanos = System.nanoTime() - operation.start;
    }
    long before = longest.get();
    if (warm && nanos > before && longest.compareAndSet(before, nanos)) {
      parent.say(LONGEST + nanos);
    }
    if (warm && nanos > STALL_NANOS) {
      long waited = Math.max(0, nanos - (thread.notWaitedNanos() - notWaitedBefore));
      parent.say(
          STALL
              + operation.start
              + " "
              + (operation.start + nanos)
              + " "
              + waited
              + " "
              + what
              + ": "
              + operation.places());
    }
  }

  /** Tells of a time, until now, in which this process kept writers out as it may. */
  void held(long since) {
    long now = System.nanoTime();
    if (now - since > HELD_NANOS) {
      parent.say(HELD + since + " " + now);
    }
  }

  private void sample() {
    while (true) {
      LockSupport.parkNanos(SAMPLE_NANOS);
      long now = System.nanoTime();
      running.forEach(
          (thread, operation) -> {
            if (now - operation.start > STALL_NANOS / 4) {
              operation.foundAt(place(thread.getStackTrace()));
            }
          });
    }
  }

  /** The engine's innermost frames. */
  private static String place(StackTraceElement[] stack) {
    StringBuilder place = new StringBuilder("in");
    int frames = 0;
    for (StackTraceElement frame : stack) {
      String name = frame.getClassName();
      if (name.startsWith("io.pagebook") && frames < FRAMES_SHOWN) {
        place
            .append(' ')
            .append(name.substring(name.lastIndexOf('.') + 1))
            .append('.')
            .append(frame.getMethodName());
        frames++;
      }
    }
    return place.toString();
  }
}
