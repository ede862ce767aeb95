package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.layout.SlotLayout;
import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Process ID and start time are stored before the slot word, which is volatile: who sees the
 * incarnation asks the right process whether it lives.
 */
@JCStressTest
@Description("A process claims a slot of the participant table.")
@Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "not claimed")
@Outcome(id = "1, 5, 6", expect = ACCEPTABLE, desc = "claimed, with the name of its owner")
@Outcome(
    id = ".*",
    expect = FORBIDDEN,
    desc = "an incarnation before its owner: a live process is taken for dead")
@State
public class SlotWord {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();

  @Actor
  public void claimer() {
    MEMORY.putLongPlain(at + SlotLayout.PID_OFFSET, 5);
    MEMORY.putLongPlain(at + SlotLayout.START_TIME_OFFSET, 6);
    MEMORY.putLongVolatile(at + SlotLayout.WORD_OFFSET, 1);
  }

  @Actor
  public void prober(III_Result r) {
    r.r1 = (int) MEMORY.getLongVolatile(at + SlotLayout.WORD_OFFSET);
    if (r.r1 != 0) {
      r.r2 = (int) MEMORY.getLongPlain(at + SlotLayout.PID_OFFSET);
      r.r3 = (int) MEMORY.getLongPlain(at + SlotLayout.START_TIME_OFFSET);
    }
  }
}
