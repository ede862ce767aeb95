package io.pagebook.book.shard;

import io.pagebook.book.RecordBuffer;
import java.time.InstantSource;

/**
 * How much a book may hold, and what tells this process the time.
 *
 * @param maximumEntries 0 for no bound
 * @param evicts whether the book makes room by evicting records
 */
public record Bounds(long maximumEntries, boolean evicts, InstantSource clock) {
  /**
   * A record that expired less than this ago is left for an operation that meets it, which may have
   * to tell somebody.
   */
  public static final long GRACE_MILLIS = 1000;

  /** The part of one shard in the bound on entries. */
  long entriesOf(int shard, int shards) {
    return maximumEntries / shards + (shard < maximumEntries % shards ? 1 : 0);
  }

  /** Whether a record with this expiry may be dropped without a word. */
  boolean isStale(long expiryMillis) {
    return expiryMillis != RecordBuffer.NEVER && clock.millis() - GRACE_MILLIS >= expiryMillis;
  }
}
