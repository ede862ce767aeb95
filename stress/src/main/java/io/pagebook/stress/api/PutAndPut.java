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

/** The first put adds, the second replaces, and its value stays. */
@JCStressTest
@Description("Two threads put the same, absent key.")
@Outcome(
    id = {"0, 1, 2", "1, 0, 1"},
    expect = ACCEPTABLE,
    desc = "one after the other")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "no order of the two explains it")
@State
public class PutAndPut {

  private final int key = OneBook.absentKey();

  @Actor
  public void one(III_Result r) {
    r.r1 = OneBook.BOOK.putBytes(key, OneBook.value(1)) ? 1 : 0;
  }

  @Actor
  public void other(III_Result r) {
    r.r2 = OneBook.BOOK.putBytes(key, OneBook.value(2)) ? 1 : 0;
  }

  @Arbiter
  public void look(III_Result r) {
    r.r3 = OneBook.get(key);
  }
}
