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

/** An absent key is added in any case; it is there afterwards unless it was removed. */
@JCStressTest
@Description("A key is added while another thread removes it.")
@Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "removed before it was added")
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "added, then removed")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "no order of the two explains it")
@State
public class AddAndRemove {

  private final int key = OneBook.absentKey();

  @Actor
  public void adder(III_Result r) {
    r.r1 = OneBook.BOOK.addBytes(key, OneBook.value(1)) ? 1 : 0;
  }

  @Actor
  public void remover(III_Result r) {
    r.r2 = OneBook.BOOK.remove(key) ? 1 : 0;
  }

  @Arbiter
  public void look(III_Result r) {
    r.r3 = OneBook.get(key);
  }
}
