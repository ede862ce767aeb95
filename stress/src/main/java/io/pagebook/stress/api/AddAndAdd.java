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

/** Add has one winner, whose value stays. */
@JCStressTest
@Description("Two threads add the same key.")
@Outcome(
    id = {"1, 0, 1", "0, 1, 2"},
    expect = ACCEPTABLE,
    desc = "one winner")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "two winners, none, or the value of the loser")
@State
public class AddAndAdd {

  private final int key = OneBook.absentKey();

  @Actor
  public void one(III_Result r) {
    r.r1 = OneBook.BOOK.addBytes(key, OneBook.value(1)) ? 1 : 0;
  }

  @Actor
  public void other(III_Result r) {
    r.r2 = OneBook.BOOK.addBytes(key, OneBook.value(2)) ? 1 : 0;
  }

  @Arbiter
  public void look(III_Result r) {
    r.r3 = OneBook.get(key);
  }
}
