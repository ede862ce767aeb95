package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.process.Reserving;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Who is about to reserve pages is counted, then looks whether the book is being closed; the closer
 * says so first and then looks at the count. The engine's own {@link Reserving}.
 */
@JCStressTest
@Description("A book is closed while a thread begins to reserve pages.")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the thread is refused")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the closer waits for the thread")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "refused, and the closer looks once more")
@Outcome(id = "1, 1", expect = FORBIDDEN, desc = "pages reserved for who has left")
@State
public class LeaverAndReserver {

  private final Reserving reserving = new Reserving();

  @Actor
  public void reserver(II_Result r) {
    r.r1 = reserving.begin() ? 1 : 0;
  }

  @Actor
  public void leaver(II_Result r) {
    reserving.stop();
    r.r2 = reserving.isAny() ? 0 : 1;
  }
}
