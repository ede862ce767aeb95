package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The meta word that links a bucket is stored by release after its slots: who follows the link
 * finds them.
 */
@JCStressTest
@Description("An overflow bucket is filled and linked into a chain.")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "not linked yet")
@Outcome(id = "1, 7", expect = ACCEPTABLE, desc = "linked and filled")
@Outcome(id = "1, 0", expect = FORBIDDEN, desc = "linked before it was filled")
@State
public class BucketChain {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();
  private final long meta = at;
  private final long overflow = Words.line(at, 1);

  @Actor
  public void writer() {
    MEMORY.putLongRelease(overflow, 7);
    MEMORY.putLongRelease(meta, 1);
  }

  @Actor
  public void reader(II_Result r) {
    r.r1 = (int) MEMORY.getLongAcquire(meta);
    r.r2 = r.r1 == 0 ? 0 : (int) MEMORY.getLongAcquire(overflow);
  }
}
