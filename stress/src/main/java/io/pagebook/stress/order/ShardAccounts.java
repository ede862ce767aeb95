package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The words are aligned and stored by release: who sums them up without the lock sees values that
 * were stored, never half of one. They may be of different moments.
 */
@JCStressTest
@Description("A journal is applied to the accounts of a shard while they are summed up.")
@Outcome(
    id = {"1, 1", "1, 2", "2, 1", "2, 2"},
    expect = ACCEPTABLE,
    desc = "each of them of some moment")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "torn")
@State
public class ShardAccounts {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();
  private final long records = at;
  private final long liveBytes = at + Long.BYTES;

  public ShardAccounts() {
    MEMORY.putLongPlain(records, Words.FIRST);
    MEMORY.putLongPlain(liveBytes, Words.FIRST);
  }

  @Actor
  public void writer() {
    MEMORY.putLongRelease(records, Words.SECOND);
    MEMORY.putLongRelease(liveBytes, Words.SECOND);
  }

  @Actor
  public void reader(II_Result r) {
    r.r1 = Words.seen(MEMORY.getLongAcquire(records));
    r.r2 = Words.seen(MEMORY.getLongAcquire(liveBytes));
  }
}
