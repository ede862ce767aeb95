package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Each change of the sum is a compare-and-set, tried until it succeeds: none is lost to another
 * one. A recount after a death stores the sum as it finds it, and may lose what others change
 * meanwhile; that is not tested here, for nothing is claimed of it but that it is a hint.
 */
@JCStressTest
@Description("One process takes pages of a bounded book, another one gives pages back.")
@Outcome(id = "102", expect = ACCEPTABLE, desc = "both changes")
@Outcome(
    id = {"97", "105"},
    expect = FORBIDDEN,
    desc = "a change was lost")
@State
public class FreePages {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();

  public FreePages() {
    MEMORY.putLongPlain(at, 100);
  }

  private void change(long change) {
    long free;
    do {
      free = MEMORY.getLongAcquire(at);
    } while (!MEMORY.compareAndSetLong(at, free, free + change));
  }

  @Actor
  public void taker() {
    change(-3);
  }

  @Actor
  public void giver() {
    change(5);
  }

  @Arbiter
  public void sum(I_Result r) {
    r.r1 = (int) MEMORY.getLongAcquire(at);
  }
}
