package io.pagebook.book;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.OwnerWord;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.memory.Words;
import io.pagebook.book.page.FileGrowth;
import io.pagebook.book.page.PagePool;
import io.pagebook.book.process.Participant;
import io.pagebook.book.process.ParticipantTable;
import io.pagebook.book.process.SharedLock;
import io.pagebook.book.process.SideFile;
import io.pagebook.book.shard.Bounds;
import io.pagebook.book.shard.Faults;
import io.pagebook.book.shard.QuickRead;
import io.pagebook.book.shard.Shard;
import io.pagebook.book.shard.StoreContext;
import io.pagebook.book.shard.WriteGate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One mapped file of a book, with everything that works on it. A vacuum moves a book from one file
 * to the next; the participant stays the same.
 */
final class BookFile implements AutoCloseable {
  private static final int HALF_HASH_BITS = 63;
  private static final long GIVE_BACK_PATIENCE_NANOS = 50_000_000;
  private static final long NEVER_SWEPT = Long.MIN_VALUE;

  private final BookHeader header;
  private final PageMemory memory;
  private final Words headerWords;
  private final ParticipantTable participants;
  private final PagePool pool;
  private final BookGate gate;
  private final KeyStripes stripes;
  private final SharedLock vacuumLock;
  private final Shard[] shards;
  private final int shardShift;
  private final KeyHash keyHash;
  private final StoreContext context;
  private final QuickRead quickRead;

  /** When all shards were looked through for what has expired, and there was nothing. */
  private volatile long vainSweepMillis = NEVER_SWEPT;

  private BookFile(
      BookHeader header,
      PageMemory memory,
      ParticipantTable participants,
      Participant self,
      BookOptions options) {
    Geometry geometry = header.geometry();
    long patience = options.lockTimeout().toNanos();
    this.header = header;
    this.memory = memory;
    this.headerWords = memory.words(0, (int) BookLayout.generation(header.shards()));
    this.participants = participants;
    this.stripes = new KeyStripes(memory, geometry, participants, self);
    this.gate = new BookGate(memory, geometry, participants, self, stripes);
    this.vacuumLock =
        new SharedLock(memory, BookLayout.VACUUM_LOCK_OFFSET, participants, self, "vacuum");
    SharedLock growthLock =
        new SharedLock(memory, BookLayout.GROWTH_LOCK_OFFSET, participants, self, "growth");
    this.pool =
        new PagePool(
            memory, geometry, new FileGrowth(memory, geometry, growthLock, patience), self);
    this.keyHash = new KeyHash(header.hashSeed());
    this.context =
        new StoreContext(
            memory,
            geometry,
            IntStream.range(0, header.shards())
                .mapToObj(i -> memory.words(geometry.shard(i), ShardLayout.SHARD_BYTES))
                .toList(),
            pool,
            participants,
            self,
            gate,
            stripes,
            new Faults(memory.path()),
            new Bounds(
                header.maximumEntries(),
                header.onFull() == BookLayout.ON_FULL_EVICT,
                options.clock()),
            patience,
            options.verifyChecksums());
    this.shardShift = HALF_HASH_BITS - Integer.numberOfTrailingZeros(header.shards());
    this.shards = new Shard[header.shards()];
    for (int i = 0; i < shards.length; i++) {
      shards[i] = new Shard(context, i, keyHash::of);
    }
    this.quickRead = new QuickRead(context, shards);
  }

  /**
   * What gives back the dead's property has to reach the file, which is built around the
   * participant: hence the holder.
   */
  private static final class GiveBack {
    private @Nullable BookFile file;

    boolean slot(int slot) {
      return file != null && file.giveBack(slot);
    }
  }

  /** Opens a mapped file for a new participant. */
  static BookFile claim(
      BookHeader header, PageMemory memory, SideFile sideFile, BookOptions options) {
    GiveBack giveBack = new GiveBack();
    ParticipantTable participants = table(header, memory, sideFile, giveBack);
    Participant self = Participant.claim(participants, sideFile, header.bookId());
    boolean sound = false;
    try {
      BookFile file = new BookFile(header, memory, participants, self, options);
      giveBack.file = file;
      long deadline = System.nanoTime() + options.lockTimeout().toNanos();
      while (self.succeeds() && !file.giveBack(self.slot())) { // each round waits for the lock
        if (System.nanoTime() - deadline >= 0) {
          throw new BookException.LockTimeout(
              "what a dead process left was not to be settled in time: slot="
                  + self.slot()
                  + ", file="
                  + memory.path()
                  + "; a live process keeps the lock of a shard: see what it does");
        }
      }
      sound = true;
      return file;
    } finally {
      if (!sound) {
        participants.abandon(self);
        self.release();
      }
    }
  }

  /** Opens a mapped file that nobody else can see, for copying. */
  static BookFile detached(
      BookHeader header,
      PageMemory memory,
      SideFile sideFile,
      Participant visitor,
      BookOptions options) {
    return new BookFile(
        header, memory, table(header, memory, sideFile, new GiveBack()), visitor, options);
  }

  /** Opens a mapped file for a participant that moves here from the book's earlier file. */
  static BookFile follow(
      BookHeader header,
      PageMemory memory,
      SideFile sideFile,
      Participant self,
      BookOptions options) {
    GiveBack giveBack = new GiveBack();
    ParticipantTable participants = table(header, memory, sideFile, giveBack);
    BookFile file = new BookFile(header, memory, participants, self.movedTo(participants), options);
    giveBack.file = file;
    return file;
  }

  private static ParticipantTable table(
      BookHeader header, PageMemory memory, SideFile sideFile, GiveBack giveBack) {
    return new ParticipantTable(
        memory, header.geometry(), sideFile, header.bookId(), giveBack::slot);
  }

  /**
   * Settles what earlier incarnations of a slot left: locks with what was begun under them, and
   * then reserved pages. Pages may stand in a journal that was committed and not applied, so no
   * page is freed while a shard may have such a one.
   */
  private boolean giveBack(int slot) {
    stripes.freeDead();
    for (int i = 0; i < shards.length; i++) {
      long at = header.geometry().shard(i);
      long word = memory.getLongVolatile(at + ShardLayout.LOCK_OFFSET);
      boolean ownedBySlot = word != OwnerWord.FREE && OwnerWord.slot(word) == slot;
      if (ownedBySlot || memory.getLongVolatile(at + ShardLayout.INTENT_OFFSET) != 0) {
        try {
          shards[i].awaitQuiet(GIVE_BACK_PATIENCE_NANOS);
        } catch (BookException.LockTimeout e) {
          return false;
        }
      }
    }
    pool.freeReservedBy(slot, participants);
    Vacuum.sweep(this);
    return true;
  }

  BookHeader header() {
    return header;
  }

  Geometry geometry() {
    return header.geometry();
  }

  PageMemory memory() {
    return memory;
  }

  ParticipantTable participants() {
    return participants;
  }

  Participant self() {
    return context.self();
  }

  PagePool pool() {
    return pool;
  }

  BookGate gate() {
    return gate;
  }

  KeyStripes stripes() {
    return stripes;
  }

  SharedLock vacuumLock() {
    return vacuumLock;
  }

  StoreContext context() {
    return context;
  }

  Shard[] shards() {
    return shards;
  }

  long hash(RecordBuffer buffer) {
    return keyHash.of(buffer);
  }

  KeyHash keyHash() {
    return keyHash;
  }

  Shard shardOf(long hash) {
    return shards[shardIndexOf(hash)];
  }

  /** See {@link Shard#read}; the shard is that of the hash. */
  boolean read(int shard, RecordBuffer buffer, long hash, boolean withValue) {
    return quickRead.read(shard, buffer, hash, withValue)
        || shards[shard].read(buffer, hash, withValue);
  }

  /** The top bits of the hash choose the shard. */
  int shardIndexOf(long hash) {
    return (int) ((hash >>> 1) >>> shardShift);
  }

  long state() {
    return memory.getLongVolatile(BookLayout.STATE_OFFSET);
  }

  /** The generation of a shard: odd while a write is under way. */
  long generationAcquire(int shard) {
    return headerWords.getLongAcquire((int) BookLayout.generation(shard));
  }

  /** Whether a vacuum is putting another file in this one's place, or has done so. */
  boolean isMoving() {
    long state = state();
    return state == BookLayout.STATE_MOVING || state == BookLayout.STATE_MOVED;
  }

  /**
   * Whether values read from this file are still those of the book. Those of a file that arrives
   * are: it is a complete copy in the book's place, and nobody writes to it or to the old one
   * before it is normal.
   */
  boolean isServing() {
    long state = headerWords.getLongAcquire(BookLayout.STATE_OFFSET);
    return state <= BookLayout.STATE_MOVING || state == BookLayout.STATE_ARRIVING;
  }

  /**
   * Makes room for so many pages in a book that evicts, at the cost of the shard that has the most;
   * false if there is nothing left to evict. Evicts something in any case: the caller has failed
   * with what room there was. Holds no lock but that shard's, one step at a time.
   */
  boolean makeRoom(long pages) {
    boolean evicted = false;
    do {
      Shard[] bySize = shards.clone();
      Arrays.sort(bySize, Comparator.comparingLong(Shard::pageBytes).reversed());
      boolean progress = false;
      for (int i = 0; i < bySize.length && !progress; i++) {
        progress = bySize[i].evictPages();
      }
      if (!progress) {
        return evicted;
      }
      evicted = true;
    } while (!pool.hasRoomFor(pages));
    return true;
  }

  /**
   * Drops what has expired, in a book that is full and does not evict; false if there was nothing,
   * or a moment ago there was nothing: who goes on writing to a full book does not look through all
   * of it each time.
   */
  boolean dropExpired() {
    long now = context.bounds().clock().millis();
    long sinceVain = now - vainSweepMillis;
    if (vainSweepMillis != NEVER_SWEPT && sinceVain >= 0 && sinceVain < Bounds.GRACE_MILLIS) {
      return false;
    }
    boolean dropped = false;
    for (Shard shard : shards) {
      dropped |= shard.dropExpired();
    }
    if (!dropped && gate.ask() == WriteGate.Answer.OPEN) {
      vainSweepMillis = now;
    }
    return dropped;
  }

  /**
   * Waits until no thread of this participant is at work under a lock of this file, and lets none
   * begin; false if one stayed too long.
   */
  boolean shutDown(long deadline) {
    gate.shutDown();
    boolean all = vacuumLock.shutDown(Math.max(1, deadline - System.nanoTime()));
    all &= stripes.shutDown(deadline);
    for (Shard shard : shards) {
      all &= shard.shutDown(Math.max(1, deadline - System.nanoTime()));
    }
    return all;
  }

  /** As {@link #close}, for a file that was cut off: its descriptors go with the collector. */
  void abandon() {
    memory.abandon();
  }

  @Override
  public void close() {
    memory.close();
  }
}
