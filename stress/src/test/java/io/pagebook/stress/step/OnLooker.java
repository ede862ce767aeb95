package io.pagebook.stress.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.BookException;
import io.pagebook.book.BookOptions;
import io.pagebook.book.Inside;
import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.testing.CheckedValue;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/**
 * Another process that has the book open: says what the stopped one holds, tries all that others
 * may do meanwhile, and knows what every key holds.
 */
final class OnLooker {
  /** What the stopped process writes. */
  static final int OWN = 1_000;

  /** What it adds. */
  static final int ADDED = 10_000;

  static final int SPARE = 100_000;

  private static final int KEYS = 60;
  private static final int ABSENT = 900;

  /** No free pages are left for this, unless the file has just grown. */
  private static final int BIG_BYTES = 1_200_000;

  private final PageBook book;
  private final Duration patience;
  private final long pid;
  private final Map<Integer, CheckedValue> values = new HashMap<>();

  /** What an operation under way may have stored already; null for a removal. */
  private int pendingKey;

  private @Nullable CheckedValue pending;
  private boolean pendingSeen;
  private long pageCount;
  private long sequence = 10;
  private int refusals;

  OnLooker(PageBook book, Duration patience, long pid) {
    this.book = book;
    this.patience = patience;
    this.pid = pid;
  }

  int refusals() {
    return refusals;
  }

  void fill() {
    for (int key = 0; key < KEYS; key++) {
      put(key, key % 20 == 3 ? 50_000 : 100 + key);
    }
    put(OWN, 150);
  }

  private void put(int key, int length) {
    CheckedValue value = new CheckedValue(key, 9, ++sequence, length);
    book.putBytes(key, value.encode());
    values.put(key, value);
  }

  /** Gives a vacuum something to win. */
  void thin() {
    for (int key = 0; key < 20; key++) {
      put(SPARE + key, 60_000);
    }
    for (int key = 0; key < 20; key++) {
      book.remove(SPARE + key);
      values.remove(SPARE + key);
    }
  }

  /** The victim begins to write this. */
  void expect(int key, long next, int length) {
    pendingKey = key;
    pending = new CheckedValue(key, 0, next, length);
    pendingSeen = false;
  }

  void expectRemoved(int key) {
    pendingKey = key;
    pending = null;
    pendingSeen = false;
  }

  /** The victim has ended what it was at. */
  void ended() {
    if (pendingKey != 0) {
      if (pending == null) {
        values.remove(pendingKey);
      } else {
        values.put(pendingKey, pending);
      }
      pendingKey = 0;
    }
    readAll("the end");
    book.putBytes(SPARE, new byte[100]);
    assertThat(book.remove(SPARE)).isTrue();
  }

  private long word(long position) {
    return Inside.memory(book).getLongVolatile(position);
  }

  Situation situation() {
    PageMemory memory = Inside.memory(book); // of one file, for we may be about to follow
    Geometry geometry = Inside.geometry(book);
    Set<Lock> held = EnumSet.noneOf(Lock.class);
    int shards = 0;
    for (int shard = 0; shard < geometry.shards(); shard++) {
      long at = geometry.shard(shard);
      if (isVictims(memory, at + ShardLayout.LOCK_OFFSET)) {
        shards |= 1 << shard;
        held.add(lockOfShard(memory, at));
      }
    }
    long pages = memory.getLongVolatile(BookLayout.PAGE_COUNT_OFFSET);
    if (isVictims(memory, BookLayout.GROWTH_LOCK_OFFSET)) {
      held.add(pages > pageCount ? Lock.GROWTH_DONE : Lock.GROWTH);
    } else {
      pageCount = pages;
    }
    Map<Lock, Integer> others =
        Map.of(
            Lock.VACUUM, BookLayout.VACUUM_LOCK_OFFSET,
            Lock.GATE, BookLayout.GATE_WRITER_OFFSET,
            Lock.GATE_ANNOUNCED, BookLayout.GATE_WAITING_OFFSET);
    others.forEach(
        (lock, offset) -> {
          if (isVictims(memory, offset)) {
            held.add(lock);
          }
        });
    return new Situation(held, shards, memory.getLongVolatile(BookLayout.STATE_OFFSET));
  }

  private boolean isVictims(PageMemory memory, long position) {
    String owner = Inside.participants(book).describe(memory.getLongVolatile(position));
    return owner.startsWith("process " + pid + " ");
  }

  private static Lock lockOfShard(PageMemory memory, long at) {
    if ((memory.getLongVolatile(at + ShardLayout.RELOCATIONS_OFFSET) & 1) != 0) {
      return Lock.SHARD_WITH_SPLIT;
    }
    return memory.getLongVolatile(at + ShardLayout.INTENT_OFFSET) != 0
        ? Lock.SHARD_WITH_INTENT
        : Lock.SHARD;
  }

  /** Has a shard split a first time: from here on it does so every few additions. */
  void splitOnce() {
    long word = Inside.geometry(book).shard(0) + ShardLayout.LEVEL_SPLIT_OFFSET;
    long before = word(word);
    for (int key = 2 * ADDED; word(word) == before; key++) {
      put(key, 40);
    }
  }

  /** All that others do while the victim stands still. */
  void look(Situation situation, String at) {
    readAll(at);
    for (int shard = 0; shard < 2; shard++) {
      readAbsent(shard, situation, at);
      int key = keyIn(shard, 0);
      RecordBuffer buffer = buffer(key);
      if (situation.isShut() || situation.holdsShard(shard)) {
        assertRefused(at, () -> book.putBytes(key, new byte[100]));
        assertRefused(at, () -> book.remove(key));
      } else {
        put(key, 100 + key);
      }
      if (situation.isShut()) {
        assertRefused(at, () -> book.records().lock(buffer).close());
      }
    }
    if (situation.holds(Lock.GROWTH)) {
      assertRefused(at, () -> book.putBytes(SPARE, new byte[BIG_BYTES]));
      assertThat(book.getBytes(SPARE)).as(at).isNull();
    }
    lockTheBook(situation, at);
    join(situation, at);
    readAll(at);
    Situation after = situation();
    if (after.state() == situation.state() && !moves(situation)) {
      assertThat(after).as("what it holds, after the look at %s", at).isEqualTo(situation);
    }
  }

  /** Book-wide locks, and the vacuum, which takes all. */
  private void lockTheBook(Situation situation, String at) {
    boolean held = situation.isShut() || situation.holdsAnyShard();
    if (held) {
      assertRefused(at, () -> book.lockForWriting(patience).close());
    } else {
      book.lockForWriting(patience).close();
    }
    if (held || situation.announces()) {
      assertRefused(at, () -> book.lockForReading(patience).close());
    } else {
      book.lockForReading(patience).close();
    }
    if (held || (situation.holds(Lock.VACUUM) && !situation.hasArrived())) {
      assertRefused(at, book::vacuum);
    } else if (moves(situation) || situation.hasArrived()) {
      book.vacuum();
    }
  }

  /** A file may be vacuumed away under one who makes it grow. */
  private static boolean moves(Situation situation) {
    return situation.grows() && !situation.isShut() && situation.shards() == 0;
  }

  /** One more participant. */
  private void join(Situation situation, String at) {
    BookOptions options = BookOptions.DEFAULT.withLockTimeout(patience);
    if (situation.isShut() && situation.state() != BookLayout.STATE_NORMAL) {
      assertRefused(at, () -> PageBook.open(book.file(), options).close());
      return;
    }
    try (PageBook other = PageBook.open(book.file(), options)) {
      assertRead(other, 0, at);
    }
  }

  private void readAll(String at) {
    for (int key : values.keySet()) {
      if (key != pendingKey) {
        assertRead(book, key, at);
      }
    }
    if (pendingKey != 0) {
      readPending(at);
    }
  }

  private void assertRead(PageBook by, int key, String at) {
    byte[] bytes = by.getBytes(key);
    assertThat(bytes).as("key %s at %s", key, at).isNotNull();
    assertThat(CheckedValue.decode(key, bytes)).as(at).isEqualTo(values.get(key));
  }

  /** The old value or the new one, and from the new one there is no way back. */
  private void readPending(String at) {
    byte[] bytes;
    try {
      bytes = book.getBytes(pendingKey);
    } catch (BookException.LockTimeout e) {
      // so many looks found a bucket between its old and its new state that the lock was needed
      assertThat(values.get(pendingKey) == null || pending == null).as("%s: %s", at, e).isTrue();
      assertNamed(e, at);
      return;
    }
    CheckedValue found = bytes == null ? null : CheckedValue.decode(pendingKey, bytes);
    if (pendingSeen) {
      assertThat(found).as(at).isEqualTo(pending);
    } else {
      assertThat(found).as(at).isIn(values.get(pendingKey), pending);
      pendingSeen = Objects.equals(found, pending);
    }
  }

  /**
   * A miss is answered, unless a change is half made that it may be part of: then it is the lock
   * that tells.
   */
  private void readAbsent(int shard, Situation situation, String at) {
    try {
      assertThat(book.getBytes(keyIn(shard, ABSENT))).as(at).isNull();
    } catch (BookException.LockTimeout e) {
      assertThat(situation.holdsShard(shard)).as("%s: %s", at, e).isTrue();
      assertThat(situation.held())
          .as("%s: %s", at, e)
          .containsAnyOf(Lock.SHARD_WITH_INTENT, Lock.SHARD_WITH_SPLIT);
      assertNamed(e, at);
    }
  }

  private void assertRefused(String at, ThrowingCallable call) {
    refusals++;
    assertThatThrownBy(call)
        .as(at)
        .isInstanceOfSatisfying(BookException.LockTimeout.class, e -> assertNamed(e, at));
  }

  private void assertNamed(BookException.LockTimeout refusal, String at) {
    assertThat(refusal).as(at).hasMessageContaining("holder=process " + pid + " ");
  }

  private static RecordBuffer buffer(int key) {
    RecordBuffer buffer = new RecordBuffer();
    buffer.setId(key);
    return buffer;
  }

  /** The first key from {@code from} on that is in a shard. */
  private int keyIn(int shard, int from) {
    int key = from;
    while ((Inside.hash(book, buffer(key)) < 0 ? 1 : 0) != shard) {
      key++;
    }
    return key;
  }
}
