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

  private final long at = Words.take();

  @Actor
  public void owner() {
    MEMORY.putLongRelease(at, Words.FIRST);
    MEMORY.putLongRelease(at, Words.SECOND);
  }

  @Actor
  public void sampler(II_Result r) {
    r.r1 = Words.seen(MEMORY.getLongAcquire(at));
    r.r2 = Words.seen(MEMORY.getLongAcquire(at));
  }
}
