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
 * The word is aligned, stored by release and loaded by acquire: beats are seen in their order and
 * never in halves. So a sampler that sees two values has met a beat between its two loads. Nothing
 * else is read on the strength of a beat.
 */
@JCStressTest
@Description("A process shows that it lives while another one samples its heartbeat.")
@Outcome(
    id = {"0, 0", "1, 1", "2, 2"},
    expect = ACCEPTABLE,
    desc = "no beat between the two loads: sample again")
@Outcome(
    id = {"0, 1", "0, 2", "1, 2"},
    expect = ACCEPTABLE,
    desc = "a beat: it lives")
@Outcome(
    id = {"1, 0", "2, 0", "2, 1"},
    expect = FORBIDDEN,
    desc = "an earlier beat after a later one")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "torn")
@State
public class HeartbeatWord {

  private static final PageMemory MEMORY = Words.MEMORY;
  private static final long FIRST = 0x1_0000_0001L;
  private static final long SECOND = 2 * FIRST; // no mixture of halves is another value

  private final long at = Words.take();

  private static int seen(long value) {
    if (value == SECOND) {
      return 2;
    }
    if (value == FIRST) {
      return 1;
    }
    return value == 0 ? 0 : -1;
  }

  @Actor
  public void owner() {
    MEMORY.putLongRelease(at, FIRST);
    MEMORY.putLongRelease(at, SECOND);
  }

  @Actor
  public void sampler(II_Result r) {
    r.r1 = seen(MEMORY.getLongAcquire(at));
    r.r2 = seen(MEMORY.getLongAcquire(at));
  }
}
