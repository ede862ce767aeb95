package io.pagebook.benchmarks.hitrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OptimumTest {
  private static final int TRACES = 300;

  @Test
  void noCacheHitsMoreOften() {
    for (int seed = 0; seed < TRACES; seed++) {
      Random random = new Random(seed);
      int[] keys = random.ints(random.nextInt(12), 0, 2 + random.nextInt(4)).toArray();
      int capacity = 1 + random.nextInt(3);

      assertThat(Optimum.hits(keys, capacity))
          .as("seed=%d", seed)
          .isEqualTo(most(keys, 0, Set.of(), capacity));
    }
  }

  /** Tries every choice: after a miss to let it in, and for whom. */
  private static long most(int[] keys, int at, Set<Integer> held, int capacity) {
    if (at == keys.length) {
      return 0;
    }
    int key = keys[at];
    if (held.contains(key)) {
      return 1 + most(keys, at + 1, held, capacity);
    }
    long best = most(keys, at + 1, held, capacity);
    if (held.size() < capacity) {
      return Math.max(best, most(keys, at + 1, with(held, key), capacity));
    }
    for (int victim : held) {
      Set<Integer> rest = new HashSet<>(held);
      rest.remove(victim);
      best = Math.max(best, most(keys, at + 1, with(rest, key), capacity));
    }
    return best;
  }

  private static Set<Integer> with(Set<Integer> held, int key) {
    Set<Integer> more = new HashSet<>(held);
    more.add(key);
    return more;
  }
}
