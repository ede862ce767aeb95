package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;

/**
 * A beat is seen by whoever samples the word again and again: each load by acquire asks the memory.
 * A stale value only costs another sample. A beat that is not seen for 50 ms is taken for none, and
 * its process for dead, if it is of another PID namespace and the kernel has dropped its lock; how
 * long that takes is a matter of the machine, and no test of orders can tell.
 */
@JCStressTest(Mode.Termination)
@Description("A process samples another one's heartbeat until it moves.")
@Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "the beat was seen")
@Outcome(id = "STALE", expect = FORBIDDEN, desc = "the beat was never seen")
@State
public class Heartbeat {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();

  @Actor
  public void sampler() {
    long beat = 0;
    while (MEMORY.getLongAcquire(at) == beat) {
      Thread.onSpinWait();
    }
  }

  @Signal
  public void owner() {
    MEMORY.putLongRelease(at, 1);
  }
}
