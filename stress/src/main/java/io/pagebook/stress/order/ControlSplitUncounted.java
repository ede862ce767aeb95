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

/** As {@link SplitIsNoMiss} without the count, to show that the test can tell. */
@JCStressTest
@Description("Control: a split that does not raise the relocation count.")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "found")
@Outcome(id = "-1", expect = ACCEPTABLE_INTERESTING, desc = "missed, as expected without the count")
@State
public class ControlSplitUncounted {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();
  private final long levelSplit = at + Long.BYTES;
  private final long from = Words.line(at, 1);
  private final long to = Words.line(at, 2);

  public ControlSplitUncounted() {
    MEMORY.putLongPlain(from, 7);
  }

  @Actor
  public void splitter() {
    MEMORY.putLongRelease(to, 7);
    MEMORY.putLongRelease(levelSplit, 1);
    MEMORY.putLongRelease(from, 0);
  }

  @Actor
  public void reader(I_Result r) {
    long bucket = MEMORY.getLongAcquire(levelSplit) == 0 ? from : to;
    r.r1 = MEMORY.getLongAcquire(bucket) == 7 ? 1 : -1;
  }
}
