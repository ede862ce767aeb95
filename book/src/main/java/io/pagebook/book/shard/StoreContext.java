package io.pagebook.book.shard;

import io.pagebook.book.BookException;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.memory.Words;
import io.pagebook.book.page.PagePool;
import io.pagebook.book.process.Participant;
import io.pagebook.book.process.ParticipantTable;
import io.pagebook.book.process.Reserving;
import java.util.List;

/**
 * What all shards of one file share.
 *
 * @param headers of the shards, {@link io.pagebook.book.layout.ShardLayout}
 */
public record StoreContext(
    PageMemory memory,
    Geometry geometry,
    List<Words> headers,
    PagePool pool,
    ParticipantTable participants,
    Participant self,
    WriteGate gate,
    KeyLocks keyLocks,
    Faults faults,
    Bounds bounds,
    long lockTimeoutNanos,
    boolean verifyChecksums) {
  /** As {@link Reserving#begin}, or throws: nothing is reserved for who is leaving. */
  void beginReserving() {
    if (!self.reserving().begin()) {
      throw new BookException.Closed("the book is closed: file=" + memory.path());
    }
  }

  Words header(int shardIndex) {
    return headers.get(shardIndex);
  }
}
