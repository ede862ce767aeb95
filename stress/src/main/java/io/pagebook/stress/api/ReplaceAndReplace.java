package io.pagebook.stress.api;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.RecordBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A stamp is replaced once. That neither wins is legal: the record was moved in between and has a
 * new stamp.
 */
@JCStressTest
@Description("Two threads replace the record that both have read.")
@Outcome(
    id = {"1, 0, 2", "0, 1, 3"},
    expect = ACCEPTABLE,
    desc = "one winner")
@Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "moved: none")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "two winners, or the value of the loser")
@State
public class ReplaceAndReplace {

  private final int key = OneBook.keyOf(1);

  private boolean replace(int number) {
    RecordBuffer buffer = OneBook.buffer(key, number);
    if (!OneBook.records().get(buffer) || OneBook.number(buffer.takeValue()) != 1) {
      return false;
    }
    long stamp = buffer.stamp();
    OneBook.set(buffer, number);
    return OneBook.records().replace(buffer, stamp);
  }

  @Actor
  public void one(III_Result r) {
    r.r1 = replace(2) ? 1 : 0;
  }

  @Actor
  public void other(III_Result r) {
    r.r2 = replace(3) ? 1 : 0;
  }

  @Arbiter
  public void look(III_Result r) {
    r.r3 = OneBook.get(key);
  }
}
