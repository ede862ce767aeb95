package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.layout.OwnerWord;
import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A lock is taken and released by compare-and-set, which orders as volatile: the words that it
 * guards may be plain.
 */
@JCStressTest
@Description("Two participants change plain words under a lock word.")
@Outcome(id = "2", expect = ACCEPTABLE, desc = "each saw what the other had done")
@Outcome(id = "1", expect = FORBIDDEN, desc = "an update under the lock was lost")
@State
public class LockWord {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();
  private final long lock = at;
  private final long count = Words.line(at, 1);

  private void addOne(long owner) {
    while (!MEMORY.compareAndSetLong(lock, OwnerWord.FREE, owner)) {
      Thread.onSpinWait();
    }
    MEMORY.putLongPlain(count, MEMORY.getLongPlain(count) + 1);
    MEMORY.compareAndSetLong(lock, owner, OwnerWord.FREE);
  }

  @Actor
  public void one() {
    addOne(OwnerWord.of(1, 1));
  }

  @Actor
  public void other() {
    addOne(OwnerWord.of(2, 1));
  }

  @Arbiter
  public void sum(I_Result r) {
    r.r1 = (int) MEMORY.getLongPlain(count);
  }
}
