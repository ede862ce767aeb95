package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.testing.CheckedBooks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a near-cache stands on: the generation of a shard tells of everything that may matter. */
final class GenerationsTest {
  private static final BookOptions ONE_SHARD = BookOptions.DEFAULT.withShards(1);

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  private static RecordBuffer key(String key) {
    RecordBuffer buffer = new RecordBuffer();
    buffer.setKey(key.getBytes(StandardCharsets.UTF_8));
    return buffer;
  }

  private static RecordBuffer record(String key, String value) {
    RecordBuffer buffer = key(key);
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    buffer.wrapValue(bytes, bytes.length);
    buffer.setType(20);
    return buffer;
  }

  private static RecordBuffer read(RecordStore store, String key) {
    RecordBuffer buffer = key(key);
    assertThat(store.getWithGeneration(buffer)).isTrue();
    return buffer;
  }

  private static boolean isCurrent(RecordStore store, RecordBuffer read) {
    return store.isCurrent(read.shard(), read.generation());
  }

  private static long word(PageBook book, long position) {
    return Inside.memory(book).getLongVolatile(position);
  }

  @Test
  void everyChangeEndsIt() {
    RecordStore mine = books.open("a.book", ONE_SHARD).records();
    RecordStore theirs = books.open("a.book").records();
    RecordBuffer expiring = record("expiring", "1");
    expiring.setExpiryMillis(1);
    List<Runnable> changes =
        List.of(
            () -> theirs.put(record("key", "1")),
            () -> theirs.put(record("key", "2")),
            () -> theirs.add(record("other", "1")),
            () -> theirs.put(expiring),
            () -> assertThat(theirs.touch(expiring, expiring.stamp(), 2)).isTrue(),
            () -> theirs.replace(record("key", "3"), read(theirs, "key").stamp()),
            () -> theirs.remove(key("other")),
            () -> theirs.put(record("large", "large".repeat(100_000))),
            theirs::clear);
    mine.put(record("mine", "1"));
    RecordBuffer before = read(mine, "mine");
    for (Runnable change : changes) {
      assertThat(isCurrent(mine, before)).isTrue();
      change.run();
      assertThat(isCurrent(mine, before)).isFalse();
      mine.put(record("mine", "1"));
      RecordBuffer after = read(mine, "mine");
      assertThat(after.generation()).isGreaterThan(before.generation());
      before = after;
    }
  }

  @Test
  void readsDoNotEndIt() {
    RecordStore store = books.open("a.book", ONE_SHARD).records();
    store.put(record("key", "1"));
    RecordBuffer before = read(store, "key");
    store.get(key("key"));
    store.find(key("absent"));
    RecordBuffer found = key("key");
    assertThat(store.findWithGeneration(found)).isTrue();
    assertThat(store.cursor().next(new RecordBuffer())).isTrue();
    assertThat(isCurrent(store, before)).isTrue();
    assertThat(found.generation()).isEqualTo(before.generation());
    assertThat(found.stamp()).isEqualTo(before.stamp());
  }

  @Test
  void nothingIsCurrentWhileAWriteIsUnderWay() {
    PageBook book = books.open("a.book", ONE_SHARD);
    RecordStore store = book.records();
    store.put(record("key", "1"));
    RecordBuffer before = read(store, "key");
    long generation = BookLayout.generation(0);
    Inside.memory(book).putLongVolatile(generation, before.generation() + 1); // as if it died there
    assertThat(isCurrent(store, before)).isFalse();
    RecordBuffer during = read(store, "key");
    assertThat(during.generation()).isOdd();
    assertThat(isCurrent(store, during)).isFalse();
    Inside.shard(book, 0).lock(); // who takes the lock ends what was begun
    Inside.shard(book, 0).unlock();
    assertThat(word(book, generation)).isEqualTo(before.generation() + 2);
    assertThat(isCurrent(store, before)).isFalse();
    assertThat(isCurrent(store, during)).isFalse();
    assertThat(isCurrent(store, read(store, "key"))).isTrue();
  }

  /** A file that serves no more keeps its generations: its state tells. */
  @Test
  void vacuumEndsItAndOnlyRaises() {
    PageBook book = books.open("a.book", ONE_SHARD);
    PageBook other = books.open("a.book");
    RecordStore store = book.records();
    store.put(record("key", "1"));
    store.put(record("large", "large".repeat(1_000_000)));
    store.remove(key("large"));
    RecordBuffer before = read(store, "key");
    long stamps = word(book, Inside.shardAt(book, 0) + ShardLayout.STAMP_OFFSET);
    assertThat(other.vacuum()).isPositive();
    assertThat(word(book, BookLayout.generation(0)))
        .as("in the old file")
        .isEqualTo(before.generation());
    assertThat(isCurrent(store, before)).as("before it has followed").isFalse();
    RecordBuffer after = read(store, "key");
    assertThat(isCurrent(store, before)).as("after it has followed").isFalse();
    assertThat(isCurrent(store, after)).isTrue();
    assertThat(after.shard()).isEqualTo(before.shard());
    assertThat(after.generation()).isGreaterThan(before.generation());
    assertThat(after.stamp()).isGreaterThan(stamps);
  }

  @Test
  void salvageOnlyRaises() throws IOException {
    PageBook book = books.open("a.book", ONE_SHARD);
    book.records().put(record("key", "1"));
    RecordBuffer before = read(book.records(), "key");
    long stamps = word(book, Inside.shardAt(book, 0) + ShardLayout.STAMP_OFFSET);
    book.close();
    for (long underWay = 0; underWay <= 1; underWay++) {
      BookImage.read(books.file("a.book"))
          .fromAnotherBoot()
          .put(BookLayout.generation(0), before.generation() + underWay)
          .write(books.directory(), "b.book");
      PageBook salvaged = books.open("b.book");
      RecordBuffer after = read(salvaged.records(), "key");
      assertThat(isCurrent(salvaged.records(), after)).isTrue();
      assertThat(after.generation()).isGreaterThan(before.generation() + underWay);
      assertThat(after.stamp()).isGreaterThan(stamps);
      salvaged.close();
      PageBook.destroy(books.file("b.book"));
    }
  }

  @Test
  void destroyAndCloseEndIt() {
    PageBook book = books.open("a.book", ONE_SHARD);
    book.records().put(record("key", "1"));
    RecordBuffer before = read(book.records(), "key");
    PageBook.destroy(book.file());
    assertThat(isCurrent(book.records(), before)).isFalse();
    assertThatThrownBy(() -> read(book.records(), "key")).isInstanceOf(BookException.Closed.class);
    book.close();
    assertThatThrownBy(() -> isCurrent(book.records(), before))
        .isInstanceOf(BookException.Closed.class);
  }
}
