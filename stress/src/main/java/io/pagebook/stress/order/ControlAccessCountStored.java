package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** As {@link AccessCount} with a store instead, to show that the test can tell. */
@JCStressTest
@Description("Control: a reader counts an access by a plain store of the word.")
@Outcome(
    id = {"1, 1, 2", "1, 0, 2"},
    expect = ACCEPTABLE,
    desc = "linked")
@Outcome(
    id = {"0, 1, 0", "0, 1, 2", "1, 1, 0"},
    expect = ACCEPTABLE_INTERESTING,
    desc = "the reader undid something of the writer's, as expected")
@State
public class ControlAccessCountStored {

  private static final PageMemory MEMORY = Words.MEMORY;
  private static final int READ_SLOT = 2;
  private static final int WRITTEN_SLOT = 5;
  private static final long OVERFLOW = 4096;

  private final long meta = Words.take();

  @Actor
  public void reader() {
    long word = MEMORY.getLongAcquire(meta);
    long raised = BucketLayout.withAccesses(word, READ_SLOT, 1);
    MEMORY.putLongPlain(meta, raised);
  }

  @Actor
  public void writer() {
    long word;
    do {
      word = MEMORY.getLongAcquire(meta);
    } while (!MEMORY.compareAndSetLong(
        meta, word, BucketLayout.withAccesses(word, WRITTEN_SLOT, 2)));
    MEMORY.putLongRelease(meta, BucketLayout.withNext(MEMORY.getLongPlain(meta), OVERFLOW));
  }

  @Arbiter
  public void look(III_Result r) {
    long word = MEMORY.getLongAcquire(meta);
    r.r1 = BucketLayout.next(word) == OVERFLOW ? 1 : 0;
    r.r2 = BucketLayout.accesses(word, READ_SLOT);
    r.r3 = BucketLayout.accesses(word, WRITTEN_SLOT);
  }
}
