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
 * A miss is believed only if the relocation count was even and the same before and, behind an
 * acquire fence, after the search. The count goes odd before the first word of a split changes,
 * with a release fence between, and even after the last.
 */
@JCStressTest
@Description("A key moves to another bucket while a reader looks for it.")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "found")
@Outcome(
    id = "0",
    expect = ACCEPTABLE,
    desc = "not found and not believed: the count was odd or changed")
@Outcome(id = "-1", expect = FORBIDDEN, desc = "a key that was there all the time was missed")
@State
public class SplitIsNoMiss {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();
  private final long relocations = at;
  private final long levelSplit = at + Long.BYTES;
  private final long from = Words.line(at, 1);
  private final long to = Words.line(at, 2);

  public SplitIsNoMiss() {
    MEMORY.putLongPlain(from, 7);
  }

  @Actor
  public void splitter() {
    MEMORY.putLongRelease(relocations, 1);
    PageMemory.releaseFence();
    MEMORY.putLongRelease(to, 7);
    MEMORY.putLongRelease(levelSplit, 1);
    MEMORY.putLongRelease(from, 0);
    MEMORY.putLongRelease(relocations, 2);
  }

  @Actor
  public void reader(I_Result r) {
    long before = MEMORY.getLongAcquire(relocations);
    long bucket = MEMORY.getLongAcquire(levelSplit) == 0 ? from : to;
    if (MEMORY.getLongAcquire(bucket) == 7) {
      r.r1 = 1;
      return;
    }
    PageMemory.acquireFence();
    r.r1 = (before & 1) == 0 && MEMORY.getLongAcquire(relocations) == before ? -1 : 0;
  }
}
