package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import io.pagebook.book.layout.OwnerWord;
import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * As {@link GateAndShard} in weaker modes, to show that the test can tell, and why volatile is
 * needed.
 */
@JCStressTest
@Description("Control: the gate with release stores and acquire loads.")
@Outcome(
    id = {"0, 1", "1, 0", "0, 0"},
    expect = ACCEPTABLE,
    desc = "as it should be")
@Outcome(
    id = "1, 1",
    expect = ACCEPTABLE_INTERESTING,
    desc = "a writer inside a shut gate, as expected of these modes")
@State
public class ControlGateAcquireRelease {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();
  private final long gate = at;
  private final long shard = Words.line(at, 1);

  @Actor
  public void writer(II_Result r) {
    MEMORY.putLongRelease(shard, OwnerWord.of(1, 1));
    r.r1 = MEMORY.getLongAcquire(gate) == OwnerWord.FREE ? 1 : 0;
  }

  @Actor
  public void holder(II_Result r) {
    MEMORY.putLongRelease(gate, OwnerWord.of(2, 1));
    r.r2 = MEMORY.getLongAcquire(shard) == OwnerWord.FREE ? 1 : 0;
  }
}
