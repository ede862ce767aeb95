package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The word is aligned and stored by release: a reader sees an expiry that was set, never half of
 * one.
 */
@JCStressTest
@Description("The expiry of a record is changed in place while it is read.")
@Outcome(id = "0", expect = ACCEPTABLE, desc = "the earlier one")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "the later one")
@Outcome(id = "-1", expect = FORBIDDEN, desc = "torn")
@State
public class ExpiryWord {

  private static final PageMemory MEMORY = Words.MEMORY;
  private static final long LATER = 0x1234_5678_9ABC_DEF0L;

  private final long at = Words.take();

  @Actor
  public void toucher() {
    MEMORY.putLongRelease(at, LATER);
  }

  @Actor
  public void reader(I_Result r) {
    long expiry = MEMORY.getLongAcquire(at);
    if (expiry == LATER) {
      r.r1 = 1;
    } else {
      r.r1 = expiry == 0 ? 0 : -1;
    }
  }
}
