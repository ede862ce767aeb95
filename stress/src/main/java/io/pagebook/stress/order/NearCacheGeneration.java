package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The generation is odd from before the first slot store of a write, with a release fence between,
 * to after the last. A fill loads it before the slot; a hit needs it even and the same.
 */
@JCStressTest
@Description(
    "A near-cache fills an entry while the book is written, and asks the generation before a hit.")
@Outcome(
    id = "1",
    expect = ACCEPTABLE,
    desc = "hit, with a value that is not older than the last write that returned")
@Outcome(id = "0", expect = ACCEPTABLE, desc = "no hit: ask the book")
@Outcome(
    id = "-1",
    expect = FORBIDDEN,
    desc = "the near-cache serves a value after its replacement has returned")
@State
public class NearCacheGeneration {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();
  private final long generation = at;
  private final long slot = Words.line(at, 1);
  private final long returned = Words.line(at, 2);

  @Actor
  public void writer() {
    MEMORY.putLongRelease(generation, 1);
    PageMemory.releaseFence();
    MEMORY.putLongRelease(slot, 1);
    MEMORY.putLongRelease(generation, 2);
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
