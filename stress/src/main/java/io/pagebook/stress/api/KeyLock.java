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

/** What is done under the lock of a key is one step to others who take it. */
@JCStressTest
@Description("Two threads read, change and write a value under the lock of its key.")
@Outcome(id = "3", expect = ACCEPTABLE, desc = "each saw what the other had done")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "an update under the lock was lost")
@State
public class KeyLock {

  private final int key = OneBook.keyOf(1);

  @Actor
  public void one() {
    OneBook.addOne(key);
  }

  @Actor
  public void other() {
    OneBook.addOne(key);
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = OneBook.get(key);
  }
}
