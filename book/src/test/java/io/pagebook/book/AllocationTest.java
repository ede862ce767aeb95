package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.pagebook.testing.CheckedBooks;
import java.lang.management.ManagementFactory;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What compiled reads leave on the heap: the value, and nothing else. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class AllocationTest {
  private static final int RECORDS = 1000;
  private static final int WARM = 400_000;
  private static final int MEASURED = 100_000;

  /** Header and length of an array, and 100 bytes, in units of eight. */
  private static final long ARRAY_BYTES = 120;

  private static final long STRING_BYTES = 24;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inSharedMemory();

  @Test
  void aReadAllocatesItsValueOnly() {
    PageBook book = books.open("a.book");
    for (int id = 0; id < RECORDS; id++) {
      book.putBytes(id, new byte[100]);
      book.putString(RECORDS + id, "x".repeat(100));
    }
    assertThat(perCall(id -> book.getBytes(id))).isLessThanOrEqualTo(ARRAY_BYTES);
    assertThat(perCall(id -> book.getString(RECORDS + id)))
        .isLessThanOrEqualTo(ARRAY_BYTES + STRING_BYTES);
    assertThat(perCall(id -> book.getBytes(2 * RECORDS + id))).as("of a miss").isZero();
  }

  /**
   * Bytes that a call allocates, to the nearest: the JVM itself allocates a little now and then.
   */
  private static long perCall(IntFunction<Object> call) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int found = run(call, WARM);
    long before = threads.getCurrentThreadAllocatedBytes();
    found += run(call, MEASURED);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(found).isIn(0, WARM + MEASURED);
    System.out.println("allocated bytes a call: " + (double) allocated / MEASURED);
    return Math.round((double) allocated / MEASURED);
  }

  private static int run(IntFunction<Object> call, int times) {
    int found = 0;
    for (int i = 0; i < times; i++) {
      if (call.apply(i % RECORDS) != null) {
        found++;
      }
    }
    return found;
  }
}
