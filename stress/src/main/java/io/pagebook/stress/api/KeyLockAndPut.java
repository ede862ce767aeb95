package io.pagebook.stress.api;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A put that only looks at the lock of its key keeps out of what others do under that lock. */
@JCStressTest
@Description("One thread changes a value under the lock of its key, another puts one.")
@Outcome(id = "5", expect = ACCEPTABLE, desc = "the put came last")
@Outcome(id = "6", expect = ACCEPTABLE, desc = "the put came first, and was changed")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "the put was lost between a look and a change")
@State
public class KeyLockAndPut {

  private final int key = OneBook.keyOf(1);

  @Actor
  public void changer() {
    OneBook.addOne(key);
  }

  @Actor
  public void putter() {
    OneBook.records().lockAndPut(OneBook.buffer(key, 5));
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = OneBook.get(key);
  }
}
