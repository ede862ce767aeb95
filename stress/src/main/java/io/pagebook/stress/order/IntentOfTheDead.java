package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The journal entries are stored plain, then the intent by release: who sees the intent, by
 * acquire, applies whole entries.
 */
@JCStressTest
@Description("A journal is committed; whoever takes the lock of the dead owner finds its intent.")
@Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "not committed: nothing is applied")
@Outcome(id = "2, 1, 2", expect = ACCEPTABLE, desc = "committed, with all entries")
@Outcome(
    id = {"2, 0, 0", "2, 1, 0", "2, 0, 2"},
    expect = FORBIDDEN,
    desc = "an intent before its entries: garbage is applied")
@State
public class IntentOfTheDead {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();
  private final long intent = at;
  private final long entries = Words.line(at, 1);

  @Actor
  public void committer() {
    MEMORY.putLongPlain(entries, 1);
    MEMORY.putLongPlain(entries + Long.BYTES, 2);
    MEMORY.putLongRelease(intent, 2);
  }

  @Actor
  public void successor(III_Result r) {
    r.r1 = (int) MEMORY.getLongAcquire(intent);
    if (r.r1 != 0) {
      r.r2 = (int) MEMORY.getLongPlain(entries);
      r.r3 = (int) MEMORY.getLongPlain(entries + Long.BYTES);
    }
  }
}
