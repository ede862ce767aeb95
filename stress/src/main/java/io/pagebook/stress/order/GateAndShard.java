package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.layout.OwnerWord;
import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Volatile on both sides: either the writer sees the gate shut, or the holder sees the shard taken
 * and waits. Acquire and release would not do, see {@link ControlGateAcquireRelease}.
 */
@JCStressTest
@Description(
    "A writer takes its shard and looks at the gate; a holder shuts the gate and looks at the shards.")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the writer sees the gate shut")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the holder waits for the writer")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "both")
@Outcome(id = "1, 1", expect = FORBIDDEN, desc = "a writer inside a shut gate")
@State
public class GateAndShard {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();
  private final long gate = at;
  private final long shard = Words.line(at, 1);

  @Actor
  public void writer(II_Result r) {
    MEMORY.compareAndSetLong(shard, OwnerWord.FREE, OwnerWord.of(1, 1));
    r.r1 = MEMORY.getLongVolatile(gate) == OwnerWord.FREE ? 1 : 0;
  }

  @Actor
  public void holder(II_Result r) {
    MEMORY.putLongVolatile(gate, OwnerWord.of(2, 1));
    r.r2 = MEMORY.getLongVolatile(shard) == OwnerWord.FREE ? 1 : 0;
  }
}
