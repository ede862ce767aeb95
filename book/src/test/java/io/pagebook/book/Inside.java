package io.pagebook.book;

import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.OwnerWord;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.layout.SlotLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.process.ParticipantTable;
import io.pagebook.book.process.SharedLock;
import io.pagebook.book.shard.Shard;
import io.pagebook.book.shard.StoreContext;

/** The inside of an open book, for the tests of the engine's packages. */
public final class Inside {
  /** A slot that no test book's participants reach. */
  public static final int DEAD_SLOT = 900;

  /** What {@link #addKilled} was there under. */
  public static final long DEAD_INCARNATION = 77;

  private static final long NO_PROCESS = Integer.MAX_VALUE;

  private Inside() {}

  public static StoreContext context(PageBook book) {
    return book.openBook().file().context();
  }

  public static PageMemory memory(PageBook book) {
    return context(book).memory();
  }

  public static Geometry geometry(PageBook book) {
    return context(book).geometry();
  }

  public static ParticipantTable participants(PageBook book) {
    return context(book).participants();
  }

  public static Shard shard(PageBook book, int index) {
    return book.openBook().file().shards()[index];
  }

  /** The position of the header of a shard. */
  public static long shardAt(PageBook book, int index) {
    return geometry(book).shard(index);
  }

  /** A lock of its own on the word of a shard's lock. */
  public static SharedLock shardLock(PageBook book, int shard) {
    StoreContext context = context(book);
    return new SharedLock(
        context.memory(),
        shardAt(book, shard) + ShardLayout.LOCK_OFFSET,
        context.participants(),
        context.self(),
        "shard " + shard);
  }

  public static long hash(PageBook book, RecordBuffer key) {
    return book.openBook().file().hash(key);
  }

  /** From here on the dead of this book are the test's: no background thread reclaims them. */
  public static void withoutHousekeeper(PageBook book) {
    Housekeeper.remove(book.openBook());
  }

  /** The owner word of a process that has died and whose slot nobody has reclaimed. */
  public static long deadOwner() {
    return OwnerWord.of(DEAD_SLOT, DEAD_INCARNATION);
  }

  /** Fills a slot as a process would leave it that was killed. */
  public static void addKilled(PageBook book) {
    PageMemory memory = memory(book);
    long own = geometry(book).slot(context(book).self().slot());
    long at = geometry(book).slot(DEAD_SLOT);
    for (int offset = 0; offset < SlotLayout.SLOT_BYTES; offset += Long.BYTES) {
      memory.putLongPlain(at + offset, memory.getLongPlain(own + offset));
    }
    memory.putLongPlain(at + SlotLayout.PID_OFFSET, NO_PROCESS);
    memory.putLongVolatile(
        at + SlotLayout.WORD_OFFSET, SlotLayout.word(SlotLayout.STATE_USED, DEAD_INCARNATION));
  }
}
