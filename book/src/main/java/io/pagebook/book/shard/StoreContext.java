package io.pagebook.book.shard;

import io.pagebook.book.layout.Geometry;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.page.PagePool;
import io.pagebook.book.process.Participant;
import io.pagebook.book.process.ParticipantTable;

/** What all shards of one file share. */
public record StoreContext(
    PageMemory memory,
    Geometry geometry,
    PagePool pool,
    ParticipantTable participants,
    Participant self,
    WriteGate gate,
    Faults faults,
    Bounds bounds,
    long lockTimeoutNanos,
    boolean verifyChecksums) {}
