package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.testing.CheckedBooks;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The questions and answers of the key-value store, one row of the ancestor's surface after
 * another.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class KeyValueApiTest {
  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  /** An operation on one ID. */
  record Operation(String name, BiFunction<PageBook, Integer, Object> call) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Operation> operationsOnIds() {
    return Stream.concat(writesOnIds(), readsOnIds());
  }

  static Stream<Operation> writesOnIds() {
    return Stream.of(
        new Operation("addString", (book, id) -> book.addString(id, "a")),
        new Operation("addBytes", (book, id) -> book.addBytes(id, new byte[1])),
        new Operation("putString", (book, id) -> book.putString(id, "a")),
        new Operation("putBytes", (book, id) -> book.putBytes(id, new byte[1])),
        new Operation("remove", (book, id) -> book.remove(id)));
  }

  static Stream<Operation> readsOnIds() {
    return Stream.of(
        new Operation("getString", (book, id) -> book.getString(id)),
        new Operation("getBytes", (book, id) -> book.getBytes(id)),
        new Operation("read", (book, id) -> book.read(id, ByteBuffer.allocate(8))),
        new Operation("view", (book, id) -> book.view(id, slice -> {})),
        new Operation("stringLength", (book, id) -> book.stringLength(id)),
        new Operation("sizeBytes", (book, id) -> book.sizeBytes(id)),
        new Operation("contains", (book, id) -> book.contains(id)));
  }

  @Test
  void addFailsWhereTheIdExists() {
    PageBook book = books.open("a.book");
    assertThat(book.addString(1, "first")).isTrue();
    assertThat(book.addString(1, "second")).isFalse();
    assertThat(book.addBytes(1, new byte[] {1})).isFalse();
    assertThat(book.getString(1)).isEqualTo("first");
    assertThat(book.addBytes(2, new byte[] {1, 2})).isTrue();
    assertThat(book.addBytes(2, new byte[] {3})).isFalse();
    assertThat(book.addString(2, "text")).isFalse();
    assertThat(book.getBytes(2)).containsExactly(1, 2);
    assertThat(book.count()).isEqualTo(2);
  }

  @Test
  void putAddsOrReplaces() {
    PageBook book = books.open("a.book");
    assertThat(book.putString(1, "first")).isFalse();
    assertThat(book.putString(1, "the second, which is longer than the first")).isTrue();
    assertThat(book.getString(1)).isEqualTo("the second, which is longer than the first");
    assertThat(book.putString(1, "3")).isTrue();
    assertThat(book.getString(1)).isEqualTo("3");
    assertThat(book.putBytes(1, new byte[] {4})).isTrue();
    assertThat(book.getBytes(1)).containsExactly(4);
    assertThat(book.putString(1, "a string again")).isTrue();
    assertThat(book.getString(1)).isEqualTo("a string again");
    assertThat(book.count()).isEqualTo(1);
  }

  @Test
  void removeTakesTheValueAndOnlyThat() {
    PageBook book = books.open("a.book");
    book.putString(1, "one");
    book.putString(2, "two");
    assertThat(book.remove(1)).isTrue();
    assertThat(book.remove(1)).isFalse();
    assertThat(book.remove(3)).isFalse();
    assertThat(book.getString(1)).isNull();
    assertThat(book.contains(1)).isFalse();
    assertThat(book.getString(2)).isEqualTo("two");
    assertThat(book.addString(1, "one again")).isTrue();
    assertThat(book.getString(1)).isEqualTo("one again");
    assertThat(book.count()).isEqualTo(2);
  }

  @Test
  void absentIdsAnswerSo() {
    PageBook book = books.open("a.book");
    book.putString(1, "one");
    ByteBuffer untouched = ByteBuffer.allocate(4);
    assertThat(book.getString(2)).isNull();
    assertThat(book.getBytes(2)).isNull();
    assertThat(book.read(2, untouched)).isEqualTo(-1);
    assertThat(untouched.position()).isZero();
    assertThat(
            book.view(
                2,
                slice -> {
                  throw new AssertionError("a slice of nothing");
                }))
        .isFalse();
    assertThat(book.stringLength(2)).isEqualTo(-1);
    assertThat(book.sizeBytes(2)).isEqualTo(-1);
    assertThat(book.contains(2)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("operationsOnIds")
  void reservedIdsAreRefusedWithTheirValue(Operation operation) {
    PageBook book = books.open("a.book");
    for (int reserved : new int[] {0xFFFFFFFF, 0xFFFFFF00}) {
      assertThatThrownBy(() -> operation.call().apply(book, reserved))
          .isInstanceOf(IllegalArgumentException.class)
          .message()
          .satisfiesAnyOf(
              message -> assertThat(message).contains(Integer.toString(reserved)),
              message -> assertThat(message).containsIgnoringCase(Integer.toHexString(reserved)));
    }
    assertThat(book.count()).isZero();
  }

  @Test
  void everyOtherIdIsAnId() {
    PageBook book = books.open("a.book");
    TestBytes.edgeIds().forEach(id -> assertThat(book.addString(id, "value of " + id)).isTrue());
    Set<Integer> seen = new HashSet<>();
    book.ids().forEachRemaining((int id) -> assertThat(seen.add(id)).isTrue());
    assertThat(seen).containsExactlyInAnyOrderElementsOf(TestBytes.edgeIds().toList());
    TestBytes.edgeIds().forEach(id -> assertThat(book.getString(id)).isEqualTo("value of " + id));
    TestBytes.edgeIds().forEach(id -> assertThat(book.remove(id)).isTrue());
    assertThat(book.count()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 10, 1 << 12, 1 << 16, 1 << 20})
  void emptyValuesAreValues(int pageSize) {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withPageSizeBytes(pageSize));
    book.putString(1, "");
    book.putBytes(2, new byte[0]);
    assertThat(book.count()).isEqualTo(2);
    assertThat(book.getString(1)).isEmpty();
    assertThat(book.stringLength(1)).isZero();
    assertThat(book.getBytes(2)).isEmpty();
    for (int id = 1; id <= 2; id++) {
      assertThat(book.contains(id)).isTrue();
      assertThat(book.sizeBytes(id)).isZero();
      assertThat(book.read(id, ByteBuffer.allocate(4))).isZero();
      assertThat(TestBytes.viewed(book, id)).isEmpty();
    }
    assertThat(book.addString(1, "no")).isFalse();
    assertThat(book.putString(1, "full")).isTrue();
    assertThat(book.putString(1, "")).isTrue();
    assertThat(book.getString(1)).isEmpty();
  }

  @Test
  void sizesAreThoseOfTheValueStored() {
    PageBook book = books.open("a.book");
    book.putString(1, "latin \u00FF");
    book.putString(2, "greek \u03B1");
    book.putBytes(3, new byte[5000]);
    assertThat(book.stringLength(1)).isEqualTo(7);
    assertThat(book.sizeBytes(1)).isEqualTo(7);
    assertThat(book.stringLength(2)).isEqualTo(7);
    assertThat(book.sizeBytes(2)).isEqualTo(14);
    assertThat(book.sizeBytes(3)).isEqualTo(5000);
    assertThat(book.stringLength(3)).isEqualTo(-1);
  }

  @Test
  void countAndUsedBytesFollowTheRecords() {
    PageBook book = books.open("a.book");
    assertThat(book.count()).isZero();
    assertThat(book.usedBytes()).isZero();
    for (int id = 0; id < 1000; id++) {
      book.putBytes(id, new byte[100]);
    }
    assertThat(book.count()).isEqualTo(1000);
    long full = book.usedBytes();
    assertThat(full).isBetween(100_000L, 200_000L);
    for (int id = 0; id < 1000; id++) {
      book.putBytes(id, new byte[50]);
    }
    assertThat(book.count()).isEqualTo(1000);
    long halved = book.usedBytes();
    // a record may be padded to a whole word
    assertThat(halved).isBetween(full - 58_000, full - 42_000);
    for (int id = 0; id < 500; id++) {
      book.remove(id);
    }
    assertThat(book.count()).isEqualTo(500);
    assertThat(book.usedBytes()).isEqualTo(halved / 2);
    for (int id = 500; id < 1000; id++) {
      book.remove(id);
    }
    assertThat(book.count()).isZero();
    assertThat(book.usedBytes()).isZero();
  }

  @Test
  void spaceOfReplacedValuesIsUsedAgain() {
    PageBook book = books.open("a.book");
    for (int round = 0; round < 400; round++) {
      for (int id = 0; id < 10; id++) {
        book.putBytes(id, TestBytes.of(round, 20_000));
      }
    }
    for (int id = 0; id < 10; id++) {
      TestBytes.assertSame(book.getBytes(id), TestBytes.of(399, 20_000), "id " + id);
    }
    // 80 MB were written, 200 KB are alive
    assertThat(book.fileBytes()).isLessThan(16 << 20);
  }

  static Stream<Operation> operationsAfterClose() {
    return Stream.concat(
        operationsOnIds(),
        Stream.of(
            new Operation("count", (book, id) -> book.count()),
            new Operation("usedBytes", (book, id) -> book.usedBytes()),
            new Operation("fileBytes", (book, id) -> book.fileBytes()),
            new Operation("ids", (book, id) -> book.ids().hasNext()),
            new Operation("vacuum", (book, id) -> book.vacuum()),
            new Operation("lockForReading", (book, id) -> book.lockForReading(Duration.ZERO)),
            new Operation("lockForWriting", (book, id) -> book.lockForWriting(Duration.ZERO)),
            new Operation("records", (book, id) -> onRecord(id, book.records()::get)),
            new Operation("records.put", (book, id) -> onRecord(id, book.records()::put)),
            new Operation(
                "records.clear",
                (book, id) -> {
                  book.records().clear();
                  return true;
                })));
  }

  private static boolean onRecord(int id, Predicate<RecordBuffer> call) {
    RecordBuffer buffer = new RecordBuffer();
    buffer.setId(id);
    return call.test(buffer);
  }

  @ParameterizedTest
  @MethodSource("operationsAfterClose")
  void closedBookSaysSo(Operation operation) {
    PageBook book = books.open("a.book");
    book.putString(1, "one");
    book.close();
    assertThatThrownBy(() -> operation.call().apply(book, 1))
        .isInstanceOf(BookException.Closed.class)
        .hasMessageContaining("a.book");
  }

  @Test
  void closeTwiceIsCloseOnce() {
    PageBook book = books.open("a.book");
    PageBook other = books.open("a.book");
    book.putString(1, "one");
    book.close();
    book.close();
    assertThat(other.getString(1)).isEqualTo("one");
    other.putString(2, "two");
    other.close();
    other.close();
    book.close();
    PageBook third = books.open("a.book");
    assertThat(third.getString(2)).isEqualTo("two");
  }

  @ParameterizedTest
  @MethodSource("writesOnIds")
  void writesReachTheOtherHandle(Operation operation) {
    PageBook one = books.open("a.book");
    PageBook other = books.open("a.book");
    one.putString(7, "before");
    one.remove(7);
    assertThat(operation.call().apply(one, 7)).isEqualTo(operation.name().startsWith("add"));
    assertThat(other.contains(7)).isEqualTo(!operation.name().equals("remove"));
    assertThat(other.count()).isEqualTo(one.count());
  }

  @Test
  void viewShowsReadOnlySlicesOfTheBookItself() {
    PageBook book = books.open("a.book");
    byte[] value = TestBytes.of(1, 30_000);
    book.putBytes(1, value);
    book.view(
        1,
        slice -> {
          assertThat(slice.isReadOnly()).isTrue();
          assertThat(slice.isDirect()).isTrue();
        });
    TestBytes.assertSame(TestBytes.viewed(book, 1), value, "viewed");
  }

  @Test
  void exceptionOfTheViewerPassesAndLeavesTheBookUsable() {
    PageBook book =
        books.open("a.book", BookOptions.DEFAULT.withLockTimeout(Duration.ofSeconds(2)));
    book.putBytes(1, new byte[30_000]);
    IllegalStateException thrown = new IllegalStateException("by the viewer");
    assertThatThrownBy(
            () ->
                book.view(
                    1,
                    slice -> {
                      throw thrown;
                    }))
        .isSameAs(thrown);
    assertThat(book.putBytes(1, new byte[] {1})).isTrue();
    assertThat(book.getBytes(1)).containsExactly(1);
  }

  @Test
  void nullsAreRefused() {
    PageBook book = books.open("a.book");
    assertThatThrownBy(() -> book.putString(1, null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> book.putBytes(1, null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> book.addString(1, null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> book.addBytes(1, null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> PageBook.open(null)).isInstanceOf(NullPointerException.class);
    assertThat(book.count()).isZero();
  }
}
