package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** As {@link NearCacheGeneration} without the counting, to show that the test can tell. */
@JCStressTest
@Description("Control: the generation is raised after the write has returned.")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "hit")
@Outcome(id = "0", expect = ACCEPTABLE, desc = "no hit")
@Outcome(id = "-1", expect = ACCEPTABLE_INTERESTING, desc = "a stale hit, as expected")
@State
public class ControlGenerationLate {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();
  private final long generation = at;
  private final long slot = Words.line(at, 1);
  private final long returned = Words.line(at, 2);

  @Actor
  public void writer() {
    MEMORY.putLongRelease(slot, 1);
    MEMORY.putLongVolatile(returned, 1);
  }

  @Actor
  public void nearCache(I_Result r) {
    long filledAt = MEMORY.getLongAcquire(generation);
    long value = MEMORY.getLongAcquire(slot);
    boolean writeReturned = MEMORY.getLongVolatile(returned) == 1;
    boolean hit = (filledAt & 1) == 0 && MEMORY.getLongAcquire(generation) == filledAt;
    if (!hit) {
      r.r1 = 0;
    } else {
      r.r1 = writeReturned && value == 0 ? -1 : 1;
    }
  }
}
