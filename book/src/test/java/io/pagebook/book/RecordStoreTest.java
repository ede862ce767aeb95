package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Records under keys of bytes, with types, expiry and stamps: what a provider stands on. */
@SuppressWarnings("try") // a lock is held for its effect, not for its name
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RecordStoreTest {
  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();
  private PageBook book;
  private RecordStore store;

  @BeforeEach
  void open() {
    book =
        books.open(
            "a.book",
            BookOptions.DEFAULT
                .withLockTimeout(Duration.ofMillis(500))
                .withClock(InstantSource.fixed(Instant.EPOCH))); // nothing is swept
    store = book.records();
  }

  private static RecordBuffer key(String key) {
    RecordBuffer buffer = new RecordBuffer();
    buffer.setKey(key.getBytes(StandardCharsets.UTF_8));
    return buffer;
  }

  private static RecordBuffer record(String key, int type, long expiryMillis, byte[] value) {
    RecordBuffer buffer = key(key);
    buffer.wrapValue(value, value.length);
    buffer.setType(type);
    buffer.setExpiryMillis(expiryMillis);
    return buffer;
  }

  private static RecordBuffer record(String key, String value) {
    return record(key, 20, RecordBuffer.NEVER, value.getBytes(StandardCharsets.UTF_8));
  }

  private String text(String key) {
    RecordBuffer buffer = key(key);
    return store.get(buffer)
        ? new String(buffer.value(), 0, buffer.valueLength(), StandardCharsets.UTF_8)
        : "(none)";
  }

  @Test
  void recordComesBackWithAllItsParts() {
    byte[] value = TestBytes.of(1, 10_000);
    RecordBuffer written = record("key", 200, 123_456_789_012L, value);
    assertThat(store.put(written)).isFalse();
    assertThat(written.stamp()).isNotZero();
    RecordBuffer read = key("key");
    assertThat(store.get(read)).isTrue();
    assertThat(Arrays.copyOf(read.value(), read.valueLength())).isEqualTo(value);
    assertThat(read.type()).isEqualTo(200);
    assertThat(read.expiryMillis()).isEqualTo(123_456_789_012L);
    assertThat(read.stamp()).isEqualTo(written.stamp());
    assertThat(read.isExpired(123_456_789_011L)).isFalse();
    assertThat(read.isExpired(123_456_789_012L)).isTrue();
    RecordBuffer found = key("key");
    assertThat(store.find(found)).isTrue();
    assertThat(found.type()).isEqualTo(200);
    assertThat(found.valueLength()).isEqualTo(value.length);
    assertThat(found.expiryMillis()).isEqualTo(123_456_789_012L);
    assertThat(found.stamp()).isEqualTo(written.stamp());
  }

  @Test
  void absentRecordsAnswerSo() {
    store.put(record("other", "value"));
    assertThat(store.get(key("key"))).isFalse();
    assertThat(store.find(key("key"))).isFalse();
    assertThat(store.remove(key("key"))).isFalse();
    assertThat(store.remove(key("key"), 1)).isFalse();
    assertThat(store.replace(record("key", "value"), 1)).isFalse();
    assertThat(store.touch(key("key"), 1, 1)).isFalse();
    assertThat(store.count()).isEqualTo(1);
  }

  @Test
  void addAndPutAndRemoveTellWhatTheyFound() {
    assertThat(store.add(record("key", "1"))).isTrue();
    assertThat(store.add(record("key", "2"))).isFalse();
    assertThat(text("key")).isEqualTo("1");
    assertThat(store.put(record("key", "3"))).isTrue();
    assertThat(text("key")).isEqualTo("3");
    assertThat(store.remove(key("key"))).isTrue();
    assertThat(store.remove(key("key"))).isFalse();
    assertThat(text("key")).isEqualTo("(none)");
    assertThat(store.put(record("key", "4"))).isFalse();
    assertThat(text("key")).isEqualTo("4");
  }

  @Test
  void stampsDecideConditionalWrites() {
    RecordBuffer first = record("key", "first");
    store.put(first);
    RecordBuffer second = record("key", "second");
    assertThat(store.replace(second, first.stamp() + 1000)).isFalse();
    assertThat(text("key")).isEqualTo("first");
    assertThat(store.replace(second, first.stamp())).isTrue();
    assertThat(text("key")).isEqualTo("second");
    assertThat(second.stamp()).isNotEqualTo(first.stamp()).isNotZero();
    RecordBuffer read = key("key");
    store.get(read);
    assertThat(read.stamp()).isEqualTo(second.stamp());
    assertThat(store.replace(record("key", "third"), first.stamp())).isFalse();
    assertThat(store.remove(key("key"), first.stamp())).isFalse();
    assertThat(text("key")).isEqualTo("second");
    assertThat(store.remove(key("key"), second.stamp())).isTrue();
    assertThat(text("key")).isEqualTo("(none)");
  }

  @Test
  void stampsOfAKeyNeverComeBack() {
    Set<Long> stamps = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      RecordBuffer written = record("key", "always the same");
      store.put(written);
      assertThat(stamps.add(written.stamp()))
          .as("stamp %s at write %s", written.stamp(), i)
          .isTrue();
      if (i % 3 == 0) {
        store.remove(key("key"));
      }
      if (i % 100 == 50) {
        book.vacuum();
      }
      if (i % 100 == 70) {
        book.close();
        open();
      }
    }
  }

  @Test
  void touchChangesTheExpiryAndNothingElse() {
    for (long before : new long[] {1_000_000, RecordBuffer.NEVER}) {
      for (long after : new long[] {2_000_000, RecordBuffer.NEVER}) {
        RecordBuffer written = record("key", 7, before, TestBytes.of(1, 5000));
        store.put(written);
        assertThat(store.touch(key("key"), written.stamp() + 1000, after)).isFalse();
        assertThat(store.touch(key("key"), written.stamp(), after)).isTrue();
        RecordBuffer read = key("key");
        assertThat(store.get(read)).isTrue();
        assertThat(read.expiryMillis()).as("%s to %s", before, after).isEqualTo(after);
        assertThat(read.type()).isEqualTo(7);
        TestBytes.assertSame(
            Arrays.copyOf(read.value(), read.valueLength()), TestBytes.of(1, 5000), "value");
      }
    }
    books.check();
  }

  @Test
  void expiredRecordsAreReturnedAndCounted() {
    store.put(record("key", 20, 1, new byte[] {9}));
    RecordBuffer read = key("key");
    assertThat(store.get(read)).isTrue();
    assertThat(read.isExpired(System.currentTimeMillis())).isTrue();
    assertThat(store.count()).isEqualTo(1);
  }

  @Test
  void idsAndKeysOfTheSameBytesAreApart() {
    RecordBuffer bytes = new RecordBuffer();
    bytes.setKey(new byte[] {1, 0, 0, 0});
    bytes.wrapValue(new byte[] {11}, 1);
    bytes.setType(ValueType.BYTES);
    store.put(bytes);
    assertThat(book.contains(1)).isFalse();
    book.putBytes(1, new byte[] {22});
    assertThat(book.getBytes(1)).containsExactly(22);
    RecordBuffer read = new RecordBuffer();
    read.setKey(new byte[] {1, 0, 0, 0});
    assertThat(store.get(read)).isTrue();
    assertThat(read.value()[0]).isEqualTo((byte) 11);
    assertThat(store.count()).isEqualTo(2);
    read.setId(1);
    assertThat(store.get(read)).isTrue();
    assertThat(read.value()[0]).isEqualTo((byte) 22);
  }

  @Test
  void keysOfAnyLengthWork() {
    int[] lengths = {0, 1, 3, 4, 5, 8, 127, 128, 1000, 4080, 4096, 5000, 70_000};
    for (int length : lengths) {
      RecordBuffer written = new RecordBuffer();
      written.setKey(TestBytes.of(length, length));
      written.wrapValue(TestBytes.of(-length, 100), 100);
      written.setType(20);
      assertThat(store.add(written)).as("key of %s bytes", length).isTrue();
    }
    RecordBuffer read = new RecordBuffer();
    for (int length : lengths) {
      read.setKey(TestBytes.of(length, length));
      assertThat(store.get(read)).as("key of %s bytes", length).isTrue();
      TestBytes.assertSame(
          Arrays.copyOf(read.value(), read.valueLength()), TestBytes.of(-length, 100), "value");
    }
  }

  @Test
  void cursorGivesEveryRecordWithItsKey() {
    Map<String, String> expected = new HashMap<>();
    for (int i = 0; i < 3000; i++) {
      expected.put("key " + i, "v".repeat(i % 300));
      store.put(record("key " + i, "v".repeat(i % 300)));
    }
    book.putString(77, "by ID");
    RecordCursor cursor = store.cursor();
    RecordBuffer buffer = new RecordBuffer();
    Map<String, String> seen = new HashMap<>();
    int ids = 0;
    while (cursor.next(buffer)) {
      if (buffer.keyIsId()) {
        assertThat(buffer.id()).isEqualTo(77);
        ids++;
      } else {
        String key = new String(buffer.key(), 0, buffer.keyLength(), StandardCharsets.UTF_8);
        String value = new String(buffer.value(), 0, buffer.valueLength(), StandardCharsets.UTF_8);
        assertThat(seen.put(key, value)).as("seen once: %s", key).isNull();
        assertThat(buffer.type()).isEqualTo(20);
        assertThat(buffer.stamp()).isNotZero();
      }
    }
    assertThat(seen).isEqualTo(expected);
    assertThat(ids).isEqualTo(1);
    assertThat(cursor.next(buffer)).isFalse();
  }

  @Test
  void clearRemovesEverything() {
    for (int i = 0; i < 3000; i++) {
      store.put(record("key " + i, "v".repeat(i % 300)));
      book.putBytes(i, new byte[i]);
    }
    store.clear();
    assertThat(store.count()).isZero();
    assertThat(book.usedBytes()).isZero();
    assertThat(book.ids().hasNext()).isFalse();
    assertThat(store.add(record("key 1", "again"))).isTrue();
    assertThat(text("key 1")).isEqualTo("again");
  }

  @Test
  void keyLockShutsOutOtherThreadsUntilItIsClosed() {
    try (Workers workers = new Workers()) {
      Future<?> other;
      try (RecordStore.KeyLock lock = store.lock(key("key"))) {
        Future<?> tooEarly = workers.begin("too early", () -> store.lock(key("key")).close());
        assertThatThrownBy(() -> Workers.get(tooEarly, Duration.ofSeconds(10)))
            .isInstanceOf(BookException.LockTimeout.class)
            .hasMessageContaining("a.book");
        // the record itself is free: reads and the holder's writes pass
        assertThat(store.put(record("key", "by the holder"))).isFalse();
        assertThat(text("key")).isEqualTo("by the holder");
        other = workers.begin("in time", () -> store.lock(key("key")).close());
      }
      Workers.get(other, Duration.ofSeconds(10));
    }
  }

  @Test
  void aKeyIsNotLockedWhileAWriterMayHaveSeenItFree() {
    store.put(record("key", "before"));
    try (Workers workers = new Workers()) {
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch leave = new CountDownLatch(1);
      Future<?> holderOfTheShard =
          workers.begin(
              "holder of the shard",
              () ->
                  store.view(
                      key("key"),
                      slice -> {
                        inside.countDown();
                        await(leave);
                      }));
      await(inside);
      assertThatThrownBy(() -> store.lock(key("key")))
          .isInstanceOf(BookException.LockTimeout.class)
          .hasMessageContaining("shard");
      leave.countDown();
      Workers.get(holderOfTheShard, Duration.ofSeconds(10));
    }
    store.lock(key("key")).close(); // the failed attempt has left it free
  }

  @Test
  void lockAndPutWaitsForWhoeverHoldsTheKey() {
    try (Workers workers = new Workers()) {
      Future<?> other;
      try (RecordStore.KeyLock lock = store.lock(key("key"))) {
        Future<?> tooEarly =
            workers.begin("too early", () -> store.lockAndPut(record("key", "too early")));
        assertThatThrownBy(() -> Workers.get(tooEarly, Duration.ofSeconds(10)))
            .isInstanceOf(BookException.LockTimeout.class)
            .hasMessageContaining("key stripe");
        assertThat(store.get(key("key"))).isFalse();
        other = workers.begin("in time", () -> store.lockAndPut(record("key", "in time")));
      }
      Workers.get(other, Duration.ofSeconds(10));
    }
    assertThat(text("key")).isEqualTo("in time");
    assertThat(store.lockAndPut(record("key", "again"))).isTrue();
    assertThat(store.lockAndPut(record("another", "new"))).isFalse();
    assertThat(text("key")).isEqualTo("again");
    assertThat(text("another")).isEqualTo("new");
  }

  @Test
  void lockAndPutUnderTheKeysOwnLockIsMisuse() {
    int stripe = KeyStripes.stripeOf(Inside.hash(book, key("key")));
    int number = 0;
    while (KeyStripes.stripeOf(Inside.hash(book, key("another " + number))) != stripe) {
      number++;
    }
    try (RecordStore.KeyLock lock = store.lock(key("key"))) {
      assertThatThrownBy(() -> store.lockAndPut(record("key", "by the holder")))
          .isInstanceOf(BookException.LockMisuse.class);
      assertThat(store.get(key("key"))).isFalse();
      store.lockAndPut(record("another " + number, "under the same stripe"));
    }
    assertThat(text("another " + number)).isEqualTo("under the same stripe");
  }

  @Test
  void largeValueThatWaitsForItsKeyLeavesNoPagesBehind() {
    String large = "x".repeat(500_000);
    try (Workers workers = new Workers()) {
      Future<?> other;
      try (RecordStore.KeyLock lock = store.lock(key("key"))) {
        Future<?> tooEarly =
            workers.begin("too early", () -> store.lockAndPut(record("key", large)));
        assertThatThrownBy(() -> Workers.get(tooEarly, Duration.ofSeconds(10)))
            .isInstanceOf(BookException.LockTimeout.class);
        other = workers.begin("in time", () -> store.lockAndPut(record("key", large)));
      }
      Workers.get(other, Duration.ofSeconds(10));
    }
    assertThat(text("key")).isEqualTo(large);
    assertThat(store.lockAndPut(record("key", large))).isTrue();
  }

  @Test
  void lockAndPutEvicts() {
    int most = 200;
    BookOptions bounded =
        BookOptions.DEFAULT.withMaximumEntries(most).withOnFull(BookOptions.OnFull.EVICT);
    RecordStore small = books.open("small.book", bounded).records();
    for (int i = 0; i < 5 * most; i++) {
      small.lockAndPut(record("key " + i, "value"));
    }
    assertThat(small.count()).isBetween(most / 2L, (long) most);
    assertThat(small.evictions()).isEqualTo(5L * most - small.count());
  }

  @Test
  void nestedKeyLockIsMisuse() {
    try (RecordStore.KeyLock lock = store.lock(key("key"))) {
      assertThatThrownBy(() -> store.lock(key("key"))).isInstanceOf(BookException.LockMisuse.class);
      // the first hold is still whole
      try (Workers workers = new Workers()) {
        Future<?> other = workers.begin("other", () -> store.lock(key("key")).close());
        assertThatThrownBy(() -> Workers.get(other, Duration.ofSeconds(10)))
            .isInstanceOf(BookException.LockTimeout.class);
      }
    }
    store.lock(key("key")).close();
  }

  @Test
  void keyLockIsFreeAfterAnExceptionOfItsUser() {
    assertThatThrownBy(
            () -> {
              try (RecordStore.KeyLock lock = store.lock(key("key"))) {
                throw new IllegalStateException("by the user");
              }
            })
        .hasMessage("by the user");
    try (Workers workers = new Workers()) {
      Workers.get(
          workers.begin("other", () -> store.lock(key("key")).close()), Duration.ofSeconds(10));
    }
  }

  @Test
  void keyLockMakesReadModifyWriteAtomic() {
    SplittableRandom seeds = Seeds.random("keyLockMakesReadModifyWriteAtomic");
    PageBook patient =
        books.open("b.book", BookOptions.DEFAULT.withLockTimeout(Duration.ofSeconds(30)));
    RecordStore counters = patient.records();
    int keys = 5;
    int threads = 4;
    int increments = 2000;
    try (Workers workers = new Workers()) {
      for (int thread = 0; thread < threads; thread++) {
        SplittableRandom random = seeds.split();
        workers.start(
            "incrementer " + thread,
            () -> {
              RecordBuffer buffer = new RecordBuffer();
              for (int i = 0; i < increments; i++) {
                buffer.setId(random.nextInt(keys));
                try (RecordStore.KeyLock lock = counters.lock(buffer)) {
                  int count =
                      counters.get(buffer)
                          ? (buffer.value()[0] & 0xFF) | (buffer.value()[1] & 0xFF) << 8
                          : 0;
                  byte[] value = buffer.startValue(2);
                  value[0] = (byte) (count + 1);
                  value[1] = (byte) ((count + 1) >> 8);
                  buffer.setType(20);
                  counters.put(buffer);
                }
              }
            });
      }
      workers.join();
    }
    int sum = 0;
    for (int id = 0; id < keys; id++) {
      byte[] value = patient.getBytes(id);
      sum += (value[0] & 0xFF) | (value[1] & 0xFF) << 8;
    }
    assertThat(sum).isEqualTo(threads * increments);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
