package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.layout.SlotLayout;
import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The last counters are stored before the slot is emptied, both volatile: the next holder, who must
 * find the slot empty, goes on from what the last one stored. The kernel's lock, which the one
 * gives back and the other takes, is not in this test.
 */
@JCStressTest
@Description("A participant leaves, and the next one claims its slot.")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "not empty yet")
@Outcome(id = "1, 8", expect = ACCEPTABLE, desc = "empty, with the last counter")
@Outcome(
    id = "1, 0",
    expect = FORBIDDEN,
    desc = "empty before its last counter: the next holder would undo it")
@State
public class SlotChangesHands {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();
  private final long word = at + SlotLayout.WORD_OFFSET;
  private final long counter = at + SlotLayout.counterOffset(0);

  public SlotChangesHands() {
    MEMORY.putLongPlain(word, SlotLayout.word(SlotLayout.STATE_USED, 1));
  }

  @Actor
  public void leaver() {
    MEMORY.putLongVolatile(counter, 8);
    MEMORY.putLongVolatile(word, SlotLayout.word(SlotLayout.STATE_EMPTY, 1));
  }

  @Actor
  public void claimer(II_Result r) {
    if (SlotLayout.state(MEMORY.getLongVolatile(word)) == SlotLayout.STATE_EMPTY) {
      r.r1 = 1;
      r.r2 = (int) MEMORY.getLongVolatile(counter);
    }
  }
}
