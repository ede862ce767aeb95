package io.pagebook.stress.api;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.RecordBuffer;
import io.pagebook.book.RecordStore;
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

  private void addOne() {
    RecordBuffer buffer = OneBook.buffer(key, 0);
    RecordStore.KeyLock lock = OneBook.records().lock(buffer);
    try {
      int number = OneBook.get(key);
      OneBook.BOOK.putBytes(key, OneBook.value(number + 1));
    } finally {
      lock.close();
    }
  }

  @Actor
  public void one() {
    addOne();
  }

  @Actor
  public void other() {
    addOne();
  }

  @Arbiter
  public void look(I_Result r) {
    r.r1 = OneBook.get(key);
  }
}
