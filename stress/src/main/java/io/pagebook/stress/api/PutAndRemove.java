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

/** Remove finds the old or the new value; put then replaces or adds. */
@JCStressTest
@Description("A value is replaced while another thread removes it.")
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "replaced, then removed")
@Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "removed, then added")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "no order of the two explains it")
@State
public class PutAndRemove {

  private final int key = OneBook.keyOf(1);

  @Actor
  public void writer(III_Result r) {
    r.r1 = OneBook.BOOK.putBytes(key, OneBook.value(2)) ? 1 : 0;
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
