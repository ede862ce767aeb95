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
 * A counter of a slot has one writer, who stores whole values that only rise: who asks twice gets
 * sums that were stored, the later one not smaller.
 */
@JCStressTest
@Description("A participant publishes a counter twice while another one sums up.")
@Outcome(
    id = {"0, 0", "0, 1", "0, 2", "1, 1", "1, 2", "2, 2"},
    expect = ACCEPTABLE,
    desc = "earlier sums, in their order")
@Outcome(
    id = {"1, 0", "2, 0", "2, 1"},
    expect = FORBIDDEN,
    desc = "the counter fell")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "torn")
@State
public class SlotCounter {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();

  @Actor
  public void publisher() {
    MEMORY.putLongVolatile(at, Words.FIRST);
    MEMORY.putLongVolatile(at, Words.SECOND);
  }

  @Actor
  public void reader(II_Result r) {
    r.r1 = Words.seen(MEMORY.getLongVolatile(at));
    r.r2 = Words.seen(MEMORY.getLongVolatile(at));
  }
}
