package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Changes are counted before they begin, then {@code closed} is looked at; the closer sets {@code
 * closed} and then looks at the count. The engine's own words: a {@link LongAdder} and a volatile
 * field, on the heap.
 */
@JCStressTest
@Description("A book is closed while a thread begins a change.")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the change is refused")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the closer waits for the change")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "refused, and the closer looks once more")
@Outcome(id = "1, 1", expect = FORBIDDEN, desc = "a change in a book that is closed")
@State
public class CloseAndChange {

  private final LongAdder changes = new LongAdder();
  private volatile boolean closed;

  @Actor
  public void changer(II_Result r) {
    changes.increment();
    r.r1 = closed ? 0 : 1;
  }

  @Actor
  public void closer(II_Result r) {
    closed = true;
    r.r2 = changes.sum() == 0 ? 1 : 0;
  }
}
