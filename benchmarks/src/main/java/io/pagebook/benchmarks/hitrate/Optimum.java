package io.pagebook.benchmarks.hitrate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The hits of a cache that knows the future: it lets in only what is used again sooner than
 * something that it holds (Belady, 1966, with bypass).
 */
final class Optimum {
  private Optimum() {}

  static long hits(int[] keys, int capacity) {
    long[] next = nextUses(keys);
    // By next use, which no two entries share; a key that is not used again counts as later than
    // all.
    TreeMap<Long, Integer> byNextUse = new TreeMap<>();
    Map<Integer, Long> held = new HashMap<>();
    long hits = 0;
    for (int i = 0; i < keys.length; i++) {
      Long known = held.remove(keys[i]);
      if (known != null) {
        hits++;
        byNextUse.remove(known);
      }
      held.put(keys[i], next[i]);
      byNextUse.put(next[i], keys[i]);
      if (held.size() > capacity) {
        Map.Entry<Long, Integer> latest = byNextUse.pollLastEntry();
        held.remove(latest.getValue());
      }
    }
    return hits;
  }

  private static long[] nextUses(int[] keys) {
    long[] next = new long[keys.length];
    Arrays.setAll(next, i -> (long) keys.length + i);
    Map<Integer, Integer> later = new HashMap<>();
    for (int i = keys.length - 1; i >= 0; i--) {
      Integer use = later.put(keys[i], i);
      if (use != null) {
        next[i] = use;
      }
    }
    return next;
  }
}
