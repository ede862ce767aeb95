package io.pagebook.book;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What the survivors of a {@link KillLoop} waited for. Of an operation's wait is taken away what is
 * no fault of the engine: the kernel still holding the locks of one that was killed, and the living
 * who keep writers out as they may, by a vacuum or a book-wide lock. What is left is what the
 * contract speaks of.
 */
final class StallReport {
  private static final int SHOWN = 4;

  private final List<Interval> deaths = new ArrayList<>();
  private final List<Interval> holds = new ArrayList<>();
  private final List<Stall> stalls = new ArrayList<>();
  private long longestOperation;
  private long longestRelease;

  /** A span of {@link System#nanoTime}, which all processes of a Linux host share. */
  private record Interval(long begin, long end) {}

  /** An operation that took long; {@code waited} of it without wanting a processor. */
  private record Stall(Interval time, long waited, String what) {}

  /** Whether the line tells of stalls; then it was taken note of. */
  synchronized boolean hear(String line) {
    if (line.startsWith(StallWatch.STALL)) {
      String[] fields = line.split(" ", 5);
      stalls.add(new Stall(interval(fields), Long.parseLong(fields[3]), fields[4]));
      return true;
    }
    if (line.startsWith(StallWatch.LONGEST)) {
      longestOperation = Math.max(longestOperation, Long.parseLong(line.split(" ", 2)[1]));
      return true;
    }
    if (line.startsWith(StallWatch.HELD)) {
      holds.add(interval(line.split(" ", 4)));
      return true;
    }
    return false;
  }

  private static Interval interval(String[] fields) {
    return new Interval(Long.parseLong(fields[1]), Long.parseLong(fields[2]));
  }

  /**
   * Tells of a death.
   *
   * @param heldSince since when the dead one had kept writers out as it may, if it did, else the
   *     time of the kill
   * @param released when the kernel had dropped its locks
   */
  synchronized void death(long heldSince, long killed, long released) {
    holds.add(new Interval(heldSince, killed));
    deaths.add(new Interval(killed, released));
    longestRelease = Math.max(longestRelease, released - killed);
  }

  /** The longest wait for which there is no excuse. */
  synchronized long longestUnexcusedNanos() {
    return stalls.stream().mapToLong(this::unexcused).max().orElse(0);
  }

  private long unexcused(Stall stall) {
    List<Interval> excuses = new ArrayList<>(deaths);
    excuses.addAll(holds);
    // a processor may have been missed within or outside the excuse: in the stall's disfavour
    long length = stall.time.end - stall.time.begin;
    return Math.max(0, Math.min(stall.waited, length - common(stall.time, excuses)));
  }

  /** How much of a span the others cover together. */
  private static long common(Interval span, List<Interval> others) {
    long common = 0;
    long from = span.begin;
    for (Interval other : others.stream().sorted(Comparator.comparing(Interval::begin)).toList()) {
      long begin = Math.max(from, other.begin);
      long end = Math.min(span.end, other.end);
      if (begin < end) {
        common += end - begin;
        from = end;
      }
    }
    return common;
  }

  @Override
  public synchronized String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "longest operation %d ms; operations over %d ms: %d, longest wait of one %d ms,"
                + " longest wait without excuse %d ms, %d of them over %d ms;"
                + " the kernel took up to %d ms to drop the locks of the dead",
            millis(longestOperation),
            millis(StallWatch.STALL_NANOS),
            stalls.size(),
            millis(stalls.stream().mapToLong(Stall::waited).max().orElse(0)),
            millis(longestUnexcusedNanos()),
            stalls.stream().filter(s -> unexcused(s) > StallWatch.STALL_NANOS).count(),
            millis(StallWatch.STALL_NANOS),
            millis(longestRelease)));
    List<Stall> worst =
        new ArrayList<>(
            stalls.stream()
                .sorted(Comparator.comparingLong(this::unexcused).reversed())
                .limit(SHOWN)
                .toList());
    stalls.stream().max(Comparator.comparingLong(Stall::waited)).ifPresent(worst::add);
    for (Stall stall : worst) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n  took %d ms, waited %d ms (%d ms while a killed one's locks stood, %d ms while a"
                  + " living one kept writers out), %d ms without excuse: %s",
              millis(stall.time.end - stall.time.begin),
              millis(stall.waited),
              millis(common(stall.time, deaths)),
              millis(common(stall.time, holds)),
              millis(unexcused(stall)),
              stall.what));
    }
    return text.toString();
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
