package io.pagebook.book.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.Seeds;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The heap's memory of dead places, against a stack for each size. */
final class FreeSpaceTest {
  private static final int STEPS = 200_000;
  private static final int PLACES_PER_SIZE = 256;
  private static final int FIRST_SIZE_NOT_KEPT = 4096;

  private record Place(long position, long stamp) {}

  @Test
  void behavesLikeAStackForEachSize() {
    SplittableRandom random = Seeds.random("FreeSpaceTest");
    FreeSpace space = new FreeSpace();
    Map<Long, Deque<Place>> model = new HashMap<>();
    int dropped = 0;
    for (int step = 0; step < STEPS; step++) {
      // few sizes, so that stacks fill up; pushes prevail in the first half, pops in the second
      long bytes = 8L * (random.nextInt(4) == 0 ? random.nextInt(2, 600) : random.nextInt(2, 12));
      Deque<Place> stack = model.computeIfAbsent(bytes, b -> new ArrayDeque<>());
      if (random.nextInt(100) < (step < STEPS / 2 ? 60 : 30)) {
        Place place = new Place(8 + 8L * step, random.nextLong());
        space.push(bytes, place.position, place.stamp);
        if (bytes < FIRST_SIZE_NOT_KEPT && stack.size() < PLACES_PER_SIZE) {
          stack.push(place);
        } else {
          dropped++;
        }
      } else {
        Place expected = stack.poll();
        assertThat(space.pop(bytes)).isEqualTo(expected == null ? 0 : expected.position);
        if (expected != null) {
          assertThat(space.poppedStamp()).isEqualTo(expected.stamp);
        }
      }
    }
    assertThat(dropped).as("the bounds were reached").isPositive();
  }
}
