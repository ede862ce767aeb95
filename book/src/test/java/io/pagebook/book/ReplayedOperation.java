package io.pagebook.book;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.testing.CheckedValue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An operation whose every store is a place to die at: on what book, and what it is certain to go
 * through. Small books of small pages, one shard, unless the operation asks for others.
 *
 * @param keys the book has keys from 0 up to below this, or a part of them
 * @param site what stores in it, as {@link io.pagebook.book.memory.StoreRecorder} names it
 * @param prepare fills the book, which is closed afterwards; null if there shall be none
 * @param warmUp what the process does before it is recorded; null if it has not opened the book
 * @param act what is recorded
 */
record ReplayedOperation(
    String name, BookOptions options, int keys, String site, Step prepare, Step warmUp, Step act) {
  private static final long NOW = 1_000_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int PAGE = 1024;

  /** One shard of pages of 1 KiB; the clock stands still. */
  static final BookOptions SMALL =
      BookOptions.DEFAULT
          .withPageSizeBytes(PAGE)
          .withShards(1)
          .withLockTimeout(PATIENCE)
          .withClock(InstantSource.fixed(Instant.ofEpochMilli(NOW)));

  /** A part of an operation. */
  interface Step {
    void run(Session session) throws IOException;
  }

  /** A process at work, without a background thread. */
  static final class Session {
    private final Path file;
    private final BookOptions options;
    private OpenBook book;

    Session(Path file, BookOptions options) {
      this.file = file;
      this.options = options;
    }

    OpenBook open() {
      book = BookOpener.open(file, options);
      return book;
    }

    OpenBook book() {
      return book;
    }

    RecordStore records() {
      return new RecordStore(book);
    }

    void put(int key, int version, int length) {
      records().put(record(key, version, length, RecordBuffer.NEVER));
    }

    void putAll(int from, int to, int length) {
      for (int key = from; key < to; key++) {
        put(key, 0, length);
      }
    }

    void putExpired(int key) {
      records().put(record(key, 0, 100, 1));
    }

    void remove(int key) {
      records().remove(key(key));
    }

    private long word(int offset) {
      return book.file().memory().getLongAcquire(book.file().geometry().shard(0) + offset);
    }
  }

  static RecordBuffer key(int key) {
    RecordBuffer buffer = new RecordBuffer();
    buffer.setId(key);
    return buffer;
  }

  private static RecordBuffer record(int key, int version, int length, long expiry) {
    RecordBuffer buffer = key(key);
    byte[] value = new CheckedValue(key, version, 0, length).encode();
    buffer.wrapValue(value, value.length);
    buffer.setType(ValueType.BYTES);
    buffer.setExpiryMillis(expiry);
    return buffer;
  }

  /** All operations, by name. */
  static Map<String, ReplayedOperation> all() {
    List<ReplayedOperation> all = new ArrayList<>();
    addLives(all);
    addWrites(all);
    addUpkeep(all);
    addEviction(all);
    addLocks(all);
    Map<String, ReplayedOperation> byName = new LinkedHashMap<>();
    all.forEach(operation -> byName.put(operation.name, operation));
    return byName;
  }

  private static final Step TEN = session -> session.putAll(0, 10, 100);
  private static final Step NOTHING = session -> {};

  private static ReplayedOperation usual(String name, String site, Step act) {
    return new ReplayedOperation(name, SMALL, 12, site, TEN, NOTHING, act);
  }

  private static void addLives(List<ReplayedOperation> all) {
    all.add(new ReplayedOperation("create", SMALL, 1, "NewFile.fill", null, null, Session::open));
    all.add(
        new ReplayedOperation(
            "register", SMALL, 10, "ParticipantTable.publish", TEN, null, Session::open));
    all.add(
        usual(
            "publish counters",
            "SlotCounters.publish",
            session -> {
              session.records().countWith(i -> i + 1);
              session.book().publishCounters();
            }));
    all.add(
        new ReplayedOperation(
            "open after a reboot",
            SMALL,
            12,
            "BookCopier.copy",
            session -> {
              TEN.run(session);
              session.put(10, 0, 50_000);
              PageMemory memory = session.book().file().memory();
              memory.putLongPlain(BookLayout.BOOT_ID_HIGH_OFFSET, 1);
              BookHeader.seal(memory);
            },
            null,
            Session::open));
    all.add(usual("close", "ParticipantTable.leave", session -> session.book().close()));
    all.add(usual("destroy", "OpenBook.destroy", session -> session.book().destroy()));
    all.add(
        new ReplayedOperation(
            "vacuum",
            SMALL,
            60,
            "Vacuum.rename",
            session -> {
              session.putAll(0, 60, 3000);
              session.put(3, 0, 40_000);
              for (int key = 0; key < 60; key += key % 4 == 2 ? 2 : 1) {
                session.remove(key);
              }
            },
            NOTHING,
            session -> Vacuum.run(session.book())));
  }

  private static void addWrites(List<ReplayedOperation> all) {
    Step withLarge =
        session -> {
          session.putAll(0, 10, 100);
          session.put(5, 0, 50_000);
        };
    all.add(usual("add", "NewRecord.write", session -> session.put(10, 0, 90)));
    all.add(usual("put a large value", "NewRecord.writeLarge", s -> s.put(10, 0, 80_000)));
    all.add(usual("replace, same size", "RecordLog.bury", s -> s.put(3, 1, 100)));
    all.add(
        usual(
            "replace in a dead place",
            "NewRecord.write",
            session -> {
              session.put(3, 1, 100);
              session.put(4, 1, 100);
            }));
    all.add(usual("replace, other size", "RecordLog.bury", s -> s.put(3, 1, 300)));
    all.add(usual("replace small by large", "Journal.adopt", s -> s.put(3, 1, 70_000)));
    all.add(large("replace large by small", withLarge, s -> s.put(5, 1, 60)));
    all.add(large("replace large by large", withLarge, s -> s.put(5, 1, 60_000)));
    all.add(usual("remove", "Remover.remove", session -> session.remove(3)));
    all.add(large("remove a large value", withLarge, session -> session.remove(5)));
    all.add(
        usual(
            "give a record an expiry",
            "NewRecord.write",
            session -> {
              RecordBuffer buffer = key(3);
              session.records().get(buffer);
              session.records().touch(buffer, buffer.stamp(), 2 * NOW);
            }));
    all.add(
        new ReplayedOperation(
            "touch",
            SMALL,
            10,
            "ShardWriter.touch",
            session -> {
              session.putAll(0, 9, 100);
              session.records().put(record(9, 0, 100, 2 * NOW));
            },
            NOTHING,
            session -> {
              RecordBuffer buffer = key(9);
              session.records().find(buffer);
              session.records().touch(buffer, buffer.stamp(), 3 * NOW);
            }));
  }

  private static ReplayedOperation large(String name, Step prepare, Step act) {
    return new ReplayedOperation(name, SMALL, 10, "Journal.release", prepare, NOTHING, act);
  }

  private static void addUpkeep(List<ReplayedOperation> all) {
    all.add(usual("growth of the file", "FileGrowth.grow", s -> s.put(10, 0, 400_000)));
    all.add(
        new ReplayedOperation(
            "growth into the next group",
            SMALL.withInitialSizeBytes((2 << 20) - 20 * PAGE),
            13,
            "FileGrowth.grow",
            session -> {
              session.putAll(0, 10, 100);
              session.put(10, 0, 1_700_000);
            },
            NOTHING,
            session -> session.put(11, 0, 250_000)));
    all.add(index("growth of the index", 320, "Reservation.reserveIndex"));
    all.add(index("split of a bucket", 325, "Splitter.split"));
    all.add(
        new ReplayedOperation(
            "cleaning",
            SMALL,
            600,
            "RecordMover.move",
            session -> {
              session.putAll(0, 600, 150);
              for (int key = 0; key < 600 && !isCleaningNearlyDue(session); key += 2) {
                session.remove(key);
              }
            },
            NOTHING,
            session -> {
              for (int key = 599; key > 530; key -= 2) {
                session.remove(key);
              }
            }));
    all.add(
        new ReplayedOperation(
            "sweep of the expired",
            SMALL,
            24,
            "Sweeper.look",
            session -> {
              session.putAll(0, 4, 100);
              for (int key = 4; key < 16; key++) {
                session.putExpired(key);
              }
            },
            NOTHING,
            session -> session.putAll(16, 20, 100)));
  }

  private static ReplayedOperation index(String name, int records, String site) {
    return new ReplayedOperation(
        name,
        SMALL,
        records + 1,
        site,
        session -> session.putAll(0, records, 32),
        NOTHING,
        session -> session.put(records, 0, 32));
  }

  /** As {@code Cleaner.isDue}, with a few more records dead. */
  private static boolean isCleaningNearlyDue(Session session) {
    long log = session.word(ShardLayout.LOG_BYTES_OFFSET);
    long live = session.word(ShardLayout.LIVE_BYTES_OFFSET);
    long segment = Math.max(PAGE, log / 8);
    return log - live + 4 * PAGE > log / 8 + 2 * segment;
  }

  private static void addEviction(List<ReplayedOperation> all) {
    long least = new Geometry(PAGE, 1).smallestPageCount();
    BookOptions fails = SMALL.withMaximumSizeBytes((least + 192) * PAGE);
    BookOptions bytes = fails.withOnFull(BookOptions.OnFull.EVICT);
    all.add(
        new ReplayedOperation(
            "eviction by entries",
            SMALL.withMaximumEntries(60).withOnFull(BookOptions.OnFull.EVICT),
            72,
            "Evictor.drop",
            session -> session.putAll(0, 66, 200),
            NOTHING,
            session -> session.putAll(66, 70, 200)));
    all.add(
        new ReplayedOperation(
            "eviction by bytes",
            bytes,
            460,
            "Evictor.drop",
            session -> session.putAll(0, 390, 500),
            NOTHING,
            session -> session.putAll(390, 450, 500)));
    all.add(
        new ReplayedOperation(
            "eviction for a large value",
            bytes,
            460,
            "NewRecord.writeLarge",
            session -> session.putAll(0, 390, 500),
            NOTHING,
            session -> session.put(390, 0, 40_000)));
    all.add(
        new ReplayedOperation(
            "growth of the sketch",
            SMALL.withMaximumEntries(4000).withOnFull(BookOptions.OnFull.EVICT),
            131,
            "FrequencySketch.attach",
            session -> session.putAll(0, 128, 60),
            NOTHING,
            session -> session.putAll(128, 130, 60)));
    all.add(
        new ReplayedOperation(
            "put in a bounded book that fails",
            fails,
            12,
            "NewRecord.writeLarge",
            TEN,
            NOTHING,
            session -> session.put(3, 1, 50_000)));
  }

  private static void addLocks(List<ReplayedOperation> all) {
    all.add(
        usual(
            "shard lock",
            "Shard.lock",
            session -> {
              session.book().file().shards()[0].lock();
              session.book().file().shards()[0].unlock();
            }));
    all.add(usual("key lock", "KeyStripes.lock", s -> s.records().lock(key(3)).close()));
    all.add(
        usual(
            "book-wide read lock",
            "BookGate.lockForReading",
            session -> {
              BookFile file = session.book().file();
              file.gate().lockForReading(file.shards(), PATIENCE.toNanos());
              file.gate().unlockReading();
            }));
    all.add(
        usual(
            "book-wide write lock, and a write",
            "BookGate.lockForWriting",
            session -> {
              BookFile file = session.book().file();
              file.gate().lockForWriting(file.shards(), PATIENCE.toNanos());
              session.put(3, 1, 120);
              file.gate().unlockWriting();
            }));
  }

  /** Makes the book, closed, that those find who open it to do the operation; or none. */
  void makeBook(Path file) throws IOException {
    Session session = new Session(file, options);
    OpenBook book = session.open();
    if (prepare == null) {
      book.destroy();
    } else {
      prepare.run(session);
    }
    book.close();
  }

  /** The first thing that whoever comes after a death does, on the book that the dead one left. */
  ReplayedOperation recovery() {
    return new ReplayedOperation(
        KillAnywhereIT.RECOVERY + name,
        options,
        keys,
        "ParticipantTable.reclaim",
        null,
        null,
        session -> {
          BookFile file = session.open().file();
          session.records().get(key(0));
          file.shards()[0].lock();
          file.shards()[0].unlock();
          file.participants().reclaimDead();
        });
  }
}
