package io.pagebook.stress.api;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Remove has one winner. */
@JCStressTest
@Description("Two threads remove the same key.")
@Outcome(
    id = {"1, 0, 0", "0, 1, 0"},
    expect = ACCEPTABLE,
    desc = "one winner")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "two winners, none, or a value that is still there")
@State
public class RemoveAndRemove {

  private final int key = OneBook.keyOf(1);

  @Actor
  public void one(III_Result r) {
    r.r1 = OneBook.BOOK.remove(key) ? 1 : 0;
  }

  @Actor
  public void other(III_Result r) {
    r.r2 = OneBook.BOOK.remove(key) ? 1 : 0;
  }

  @Arbiter
  public void look(III_Result r) {
    r.r3 = OneBook.get(key);
  }
}
