package io.pagebook.book.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.BookException;
import io.pagebook.book.BookOptions;
import io.pagebook.book.Inside;
import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.JournalEntry;
import io.pagebook.book.layout.OwnerWord;
import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.layout.SlotLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.testing.CheckedBooks;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who is in a slot, whether he lives, and what becomes of what the dead held. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ParticipantTableTest {
  private static final int NO_PROCESS = Integer.MAX_VALUE;
  private static final long OTHER_NAMESPACE = 4_711;
  private static final int SLOT = 5;
  private static final int INCARNATION = 9;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  private PageBook book;
  private PageMemory memory;
  private Geometry geometry;
  private ParticipantTable table;

  @BeforeEach
  void open() {
    book = books.open("a.book", BookOptions.DEFAULT.withShards(1).withPageSizeBytes(1024));
    Inside.withoutHousekeeper(book);
    memory = Inside.memory(book);
    geometry = Inside.geometry(book);
    table = Inside.participants(book);
  }

  private long at(int slot) {
    return geometry.slot(slot);
  }

  private long word(int slot) {
    return memory.getLongVolatile(at(slot) + SlotLayout.WORD_OFFSET);
  }

  /** Fills a slot with a process that holds no kernel lock on its byte. */
  private void fake(int slot, ProcessIdentity who) {
    memory.putLongPlain(at(slot) + SlotLayout.PID_OFFSET, who.pid());
    memory.putLongPlain(at(slot) + SlotLayout.START_TIME_OFFSET, who.startTime());
    memory.putLongPlain(at(slot) + SlotLayout.NAMESPACE_OFFSET, who.namespace());
    memory.putLongPlain(at(slot) + SlotLayout.HEARTBEAT_OFFSET, 1);
    memory.putLongVolatile(
        at(slot) + SlotLayout.WORD_OFFSET, SlotLayout.word(SlotLayout.STATE_USED, INCARNATION));
  }

  private static ProcessIdentity self() {
    return ProcessIdentity.self();
  }

  @Test
  void openerTakesTheFirstFreeSlotAndTellsWhoItIs() {
    Participant first = Inside.context(book).self();
    assertThat(first.slot()).isZero();
    assertThat(first.succeeds()).isFalse();
    assertThat(word(0)).isEqualTo(SlotLayout.word(SlotLayout.STATE_USED, first.incarnation()));
    assertThat(memory.getLongPlain(at(0) + SlotLayout.PID_OFFSET))
        .isEqualTo(ProcessHandle.current().pid());
    PageBook again = books.open("a.book");
    Participant second = Inside.context(again).self();
    assertThat(second.slot()).isEqualTo(1);
    assertThat(table.isAlive(1, second.incarnation())).isTrue();
    again.close();
    assertThat(SlotLayout.state(word(1))).isEqualTo(SlotLayout.STATE_EMPTY);
    Participant third = Inside.context(books.open("a.book")).self();
    assertThat(third.slot()).isEqualTo(1);
    assertThat(third.succeeds()).isFalse();
    assertThat(third.incarnation()).isEqualTo(second.incarnation() + 1);
    assertThat(table.isCurrent(1, second.incarnation())).isFalse();
    assertThat(table.isAlive(1, second.incarnation())).isFalse();
    assertThat(table.isAlive(1, third.incarnation())).isTrue();
  }

  @Test
  void incarnationIsNeverZero() {
    memory.putLongVolatile(
        at(SLOT) + SlotLayout.WORD_OFFSET, SlotLayout.word(SlotLayout.STATE_EMPTY, 0xFFFF_FFFFL));
    assertThat(table.nextIncarnation(SLOT)).isEqualTo(1);
  }

  /** The kernel has dropped the lock of a process that is there: a backup read the side file. */
  @Test
  void processThatIsSeenToRunIsAliveWithoutItsLock() {
    fake(SLOT, self());
    assertThat(table.isAlive(SLOT, INCARNATION)).isTrue();
    table.reclaimDead();
    assertThat(word(SLOT)).isEqualTo(SlotLayout.word(SlotLayout.STATE_USED, INCARNATION));
  }

  /** Another process that got the same number later. */
  @Test
  void equalPidWithAnotherStartTimeIsDead() {
    fake(SLOT, new ProcessIdentity(self().pid(), self().startTime() + 1, self().namespace()));
    assertThat(table.isAlive(SLOT, INCARNATION)).isFalse();
  }

  @Test
  void processThatIsGoneIsDead() {
    fake(SLOT, new ProcessIdentity(NO_PROCESS, self().startTime(), self().namespace()));
    assertThat(table.isAlive(SLOT, INCARNATION)).isFalse();
  }

  /** Another container: the same pid and start time mean nothing, a moving heart does. */
  @Test
  void heartbeatSpeaksForAProcessOfAnotherNamespace() throws InterruptedException {
    fake(SLOT, new ProcessIdentity(self().pid(), self().startTime(), OTHER_NAMESPACE));
    assertThat(table.isAlive(SLOT, INCARNATION)).as("the heart stands still").isFalse();
    AtomicBoolean stop = new AtomicBoolean();
    Thread heart =
        new Thread(
            () -> {
              for (long beat = 2; !stop.get(); beat++) {
                memory.putLongRelease(at(SLOT) + SlotLayout.HEARTBEAT_OFFSET, beat);
                Thread.onSpinWait();
              }
            });
    heart.setDaemon(true);
    heart.start();
    try {
      assertThat(table.isAlive(SLOT, INCARNATION)).as("the heart beats").isTrue();
      table.reclaimDead();
      assertThat(word(SLOT)).isEqualTo(SlotLayout.word(SlotLayout.STATE_USED, INCARNATION));
    } finally {
      stop.set(true);
      heart.join();
    }
    assertThat(table.isAlive(SLOT, INCARNATION)).as("the heart has stopped").isFalse();
    table.reclaimDead();
    assertThat(word(SLOT)).isEqualTo(SlotLayout.word(SlotLayout.STATE_EMPTY, INCARNATION + 1));
  }

  @Test
  void claimSucceedsTheDeadOnlyWhereNoSlotIsEmpty() {
    for (int slot = 3; slot < BookLayout.SLOTS; slot++) {
      fake(slot, self());
    }
    fake(1, self());
    fake(2, new ProcessIdentity(NO_PROCESS, 1, self().namespace()));
    PageBook opened = books.open("a.book");
    Participant claimed = Inside.context(opened).self();
    assertThat(claimed.slot()).isEqualTo(2);
    assertThat(claimed.incarnation()).isEqualTo(INCARNATION + 1);
    assertThat(claimed.succeeds()).isTrue();
    assertThat(word(1)).isEqualTo(SlotLayout.word(SlotLayout.STATE_USED, INCARNATION));
    for (int slot = 1; slot < BookLayout.SLOTS; slot++) {
      if (slot != 2) {
        fake(slot, new ProcessIdentity(NO_PROCESS, 1, self().namespace()));
      }
    }
  }

  @Test
  void fullTableIsAnErrorOfItsOwn() {
    for (int slot = 1; slot < BookLayout.SLOTS; slot++) {
      fake(slot, self());
    }
    assertThatThrownBy(() -> PageBook.open(book.file()))
        .isInstanceOf(BookException.TooManyParticipants.class)
        .hasMessageContaining("participants=1024");
    fake(700, new ProcessIdentity(NO_PROCESS, 1, self().namespace()));
    PageBook opened = books.open("a.book");
    assertThat(Inside.context(opened).self().slot()).isEqualTo(700);
    for (int slot = 1; slot < BookLayout.SLOTS; slot++) {
      if (slot != 700) {
        memory.putLongVolatile(at(slot), SlotLayout.word(SlotLayout.STATE_EMPTY, INCARNATION));
      }
    }
  }

  /** Its pages, its hold, its lock and what it had begun under it. */
  @Test
  void everythingOfTheDeadIsGivenBack() {
    book.putString(1, "one");
    long reserved = Inside.context(book).pool().reserve(4);
    memory.putLongVolatile(geometry.mapWord(reserved), PageMapWord.reserved(4, SLOT, INCARNATION));
    fake(SLOT, new ProcessIdentity(NO_PROCESS, 1, self().namespace()));
    memory.putLongVolatile(at(SLOT) + SlotLayout.READ_HOLD_OFFSET, 1);
    long shard = geometry.shard(0);
    removeButForTheLastStep(shard);
    memory.putLongVolatile(shard + ShardLayout.LOCK_OFFSET, OwnerWord.of(SLOT, INCARNATION));

    table.reclaimDead();

    assertThat(word(SLOT)).isEqualTo(SlotLayout.word(SlotLayout.STATE_EMPTY, INCARNATION + 1));
    assertThat(memory.getLongVolatile(at(SLOT) + SlotLayout.READ_HOLD_OFFSET)).isZero();
    for (long page = reserved; page < reserved + 4; page++) {
      assertThat(memory.getLongVolatile(geometry.mapWord(page))).isEqualTo(PageMapWord.FREE);
    }
    assertThat(memory.getLongVolatile(shard + ShardLayout.LOCK_OFFSET)).isZero();
    assertThat(memory.getLongVolatile(shard + ShardLayout.INTENT_OFFSET)).isZero();
    assertThat(book.getString(1)).isNull();
    assertThat(book.count()).isZero();
  }

  /** The intent to remove record 1, listed and committed, with not one of its steps made. */
  private void removeButForTheLastStep(long shard) {
    RecordBuffer buffer = new RecordBuffer();
    buffer.setId(1);
    long hash = Inside.hash(book, buffer);
    long number = BucketLayout.bucket(hash, BucketLayout.FIRST_LEVEL, 0);
    long bucket = shard + ShardLayout.FIRST_CHUNK_OFFSET + number * BucketLayout.BUCKET_BYTES;
    long slot = bucket + BucketLayout.FIRST_SLOT_OFFSET;
    assertThat(memory.getLongVolatile(slot)).isNotZero();
    long segment = memory.getLongPlain(shard + ShardLayout.NEWEST_SEGMENT_OFFSET);
    long[] steps = {
      slot,
      bucket + BucketLayout.META_OFFSET,
      shard + ShardLayout.RECORDS_OFFSET,
      shard + ShardLayout.LIVE_BYTES_OFFSET,
      geometry.mapWord(geometry.pageOf(segment))
    };
    long[] values = {
      BucketLayout.EMPTY,
      BucketLayout.meta(number, 0, BucketLayout.EMPTY),
      0,
      0,
      PageMapWord.withoutLiveBytes(memory.getLongPlain(steps[4]))
    };
    for (int i = 0; i < steps.length; i++) {
      long entry = shard + ShardLayout.JOURNAL_OFFSET + 16L * i;
      memory.putLongPlain(entry, JournalEntry.target(JournalEntry.SET, steps[i]));
      memory.putLongPlain(entry + 8, values[i]);
    }
    memory.putLongVolatile(shard + ShardLayout.INTENT_OFFSET, steps.length);
  }

  /** Whoever was giving back the dead one's things died over it. */
  @Test
  void reclaimingIsTakenUpAgain() {
    long reserved = Inside.context(book).pool().reserve(4);
    memory.putLongVolatile(geometry.mapWord(reserved), PageMapWord.reserved(4, SLOT, INCARNATION));
    memory.putLongVolatile(
        geometry.mapWord(reserved + 3), PageMapWord.FREE); // the last page was given back
    fake(SLOT, new ProcessIdentity(NO_PROCESS, 1, self().namespace()));
    memory.putLongVolatile(
        at(SLOT) + SlotLayout.WORD_OFFSET,
        SlotLayout.word(SlotLayout.STATE_RECLAIMING, INCARNATION + 1));
    table.reclaimDead();
    assertThat(word(SLOT)).isEqualTo(SlotLayout.word(SlotLayout.STATE_EMPTY, INCARNATION + 2));
    for (long page = reserved; page < reserved + 4; page++) {
      assertThat(memory.getLongVolatile(geometry.mapWord(page))).isEqualTo(PageMapWord.FREE);
    }
  }
}
