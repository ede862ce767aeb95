package io.pagebook.benchmarks.hitrate;

import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps what was used last. */
final class LruPlayer implements Player {
  private static final float LOAD_FACTOR = 0.75f;

  private final Map<Integer, Boolean> entries;

  LruPlayer(int capacity) {
    this.entries =
        new LinkedHashMap<>(16, LOAD_FACTOR, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
            return size() > capacity;
          }
        };
  }

  @Override
  public boolean access(int key) {
    return entries.put(key, Boolean.TRUE) != null;
  }
}
