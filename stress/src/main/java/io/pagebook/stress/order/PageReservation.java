package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Pages are taken and given back by compare-and-set from the exact word: a run of them has one
 * owner.
 */
@JCStressTest
@Description("Two processes reserve the same free pages.")
@Outcome(
    id = {"1, 0, 1", "0, 1, 2"},
    expect = ACCEPTABLE,
    desc = "one owner, and its name is in the map")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "two owners, or none, or the wrong name")
@State
public class PageReservation {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();

  @Actor
  public void one(III_Result r) {
    r.r1 = MEMORY.compareAndSetLong(at, PageMapWord.FREE, PageMapWord.reserved(1, 1, 1)) ? 1 : 0;
  }

  @Actor
  public void other(III_Result r) {
    r.r2 = MEMORY.compareAndSetLong(at, PageMapWord.FREE, PageMapWord.reserved(1, 2, 1)) ? 1 : 0;
  }

  @Arbiter
  public void owner(III_Result r) {
    r.r3 = PageMapWord.slot(MEMORY.getLongAcquire(at));
  }
}
