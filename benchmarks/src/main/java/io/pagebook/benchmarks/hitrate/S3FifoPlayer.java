package io.pagebook.benchmarks.hitrate;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * S3-FIFO as published: a small queue of a tenth, a main queue, and the fingerprints of as many
 * keys that have left as the main queue holds.
 *
 * @see <a href="https://dl.acm.org/doi/10.1145/3600006.3613147">Yang et al., FIFO queues are all
 *     you need for cache eviction, SOSP 2023</a>
 */
final class S3FifoPlayer implements Player {
  private static final int SMALL_SHARE = 10;
  private static final int MOST_ACCESSES = 3;

  private final int capacity;
  private final int smallCapacity;
  private final Map<Integer, Entry> entries = new HashMap<>();
  private final ArrayDeque<Entry> small = new ArrayDeque<>();
  private final ArrayDeque<Entry> main = new ArrayDeque<>();
  private final Set<Integer> ghosts = new LinkedHashSet<>();

  private static final class Entry {
    private final int key;
    private int accesses;

    Entry(int key) {
      this.key = key;
    }
  }

  S3FifoPlayer(int capacity) {
    this.capacity = capacity;
    this.smallCapacity = Math.max(1, capacity / SMALL_SHARE);
  }

  @Override
  public boolean access(int key) {
    Entry entry = entries.get(key);
    if (entry != null) {
      entry.accesses = Math.min(MOST_ACCESSES, entry.accesses + 1);
      return true;
    }
    while (entries.size() >= capacity) {
      if (small.size() >= smallCapacity || main.isEmpty()) {
        evictFromSmall();
      } else {
        evictFromMain();
      }
    }
    Entry added = new Entry(key);
    entries.put(key, added);
    if (ghosts.remove(key)) {
      main.add(added);
    } else {
      small.add(added);
    }
    return false;
  }

  private void evictFromSmall() {
    Entry oldest = small.remove();
    if (oldest.accesses > 1) {
      oldest.accesses = 0;
      main.add(oldest);
      if (main.size() > capacity - smallCapacity) {
        evictFromMain();
      }
      return;
    }
    entries.remove(oldest.key);
    ghosts.add(oldest.key);
    if (ghosts.size() > capacity - smallCapacity) {
      ghosts.remove(ghosts.iterator().next());
    }
  }

  private void evictFromMain() {
    while (true) {
      Entry oldest = main.remove();
      if (oldest.accesses == 0) {
        entries.remove(oldest.key);
        return;
      }
      oldest.accesses--;
      main.add(oldest);
    }
  }
}
