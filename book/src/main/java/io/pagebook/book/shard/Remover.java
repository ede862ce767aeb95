package io.pagebook.book.shard;

import io.pagebook.book.layout.BucketLayout;

/** Takes a record out of a shard by one journal. Under the shard's lock. */
final class Remover {
  private final ShardParts parts;

  Remover(ShardParts parts) {
    this.parts = parts;
  }

  /**
   * Removes the record that a slot points to.
   *
   * @param reusable whether the next record of its size may take its place in the log
   */
  void remove(RecordView record, long slotPosition, boolean reusable) {
    Journal journal = parts.journal();
    Accounts accounts = parts.accounts();
    long at = record.position();
    long bytes = record.bytes();
    long large = record.largeBytes();
    journal.begin();
    journal.setSlot(slotPosition, BucketLayout.EMPTY);
    accounts.records(-1);
    accounts.largeBytes(-large);
    accounts.liveBytes(-bytes);
    boolean buries = accounts.livePages(0, 0, at, bytes);
    RecordLog log = parts.logOf(at);
    if (log == parts.window()) {
      accounts.windowBytes(-bytes - large);
    }
    if (large != 0) {
      journal.releaseExtents(at);
    }
    journal.publish();
    if (buries) {
      log.bury(at, bytes, reusable);
    }
  }
}
