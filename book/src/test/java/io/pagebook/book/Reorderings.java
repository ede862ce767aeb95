package io.pagebook.book;

import io.pagebook.book.memory.StoreEvent;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A sample of orders in which what was recorded may have been done. They are made when they are
 * asked for, by any thread: those of a long recording take room.
 */
final class Reorderings {
  private final Recording recording;
  private final int most;
  private final SplittableRandom random;
  private int attempts;
  private int found;

  Reorderings(Recording recording, int most, SplittableRandom random) {
    this.recording = recording;
    this.most = most;
    this.random = random;
  }

  /** So many events, in another order than that of the recording. */
  record One(int count, List<StoreEvent> order) {}

  /** Null if there is no more. */
  synchronized One next() {
    while (attempts++ < 4 * most && found < most) {
      int count = random.nextInt(recording.size() + 1);
      List<StoreEvent> order = recording.reordered(count, random);
      if (order != null) {
        found++;
        return new One(count, order);
      }
    }
    return null;
  }

  synchronized int found() {
    return found;
  }
}
