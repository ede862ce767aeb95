package io.pagebook.book.shard;

import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.layout.SegmentLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.memory.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongToIntFunction;
import java.util.function.ToLongFunction;

/**
 * Checks one shard while its lock is held; adds a sentence to the violations for each invariant
 * that is broken.
 */
public final class ShardCheck {
  private final PageMemory memory;
  private final Geometry geometry;
  private final int shardIndex;
  private final long shard;
  private final Words header;
  private final ToLongFunction<RecordBuffer> hash;
  private final Violations violations;
  private final ExtentClaims claims;
  private final ShardIndex index;
  private final RecordView record;
  private final RecordLog main;
  private final RecordLog window;
  private final RecordBuffer buffer = new RecordBuffer();

  /** Segments by position, with their pages. */
  private final TreeMap<Long, Integer> segments = new TreeMap<>();

  /** The live bytes found in each page. */
  private final Map<Long, Long> livePages = new HashMap<>();

  private final Set<Long> positions = new HashSet<>();
  private final Map<Long, List<byte[]>> keys = new HashMap<>();

  /** Overflow buckets: each is in one chain. */
  private final Set<Long> chained = new HashSet<>();

  private final Set<Long> indexExtents = new HashSet<>();
  private long records;
  private long liveBytes;
  private long largeBytes;
  private long windowBytes;
  private long overflowBuckets;

  public ShardCheck(
      StoreContext context,
      int shardIndex,
      ToLongFunction<RecordBuffer> hash,
      Violations violations,
      ExtentClaims claims) {
    this.memory = context.memory();
    this.geometry = context.geometry();
    this.shardIndex = shardIndex;
    this.shard = geometry.shard(shardIndex);
    this.header = context.header(shardIndex);
    this.hash = hash;
    this.violations = violations;
    this.claims = claims;
    this.index = new ShardIndex(context, shardIndex);
    this.record = new RecordView(context);
    this.main = new RecordLog(context, shardIndex, SegmentLayout.MAIN);
    this.window = new RecordLog(context, shardIndex, SegmentLayout.WINDOW);
  }

  /**
   * Runs the check; {@code shardOfHash} tells which shard a hash belongs to. Returns the number of
   * records.
   */
  public long run(LongToIntFunction shardOfHash) {
    compare(
        "logBytes", word(ShardLayout.LOG_BYTES_OFFSET), walkSegments(main) + walkSegments(window));
    long stamp = word(ShardLayout.SEGMENTS_STAMP_OFFSET);
    if (stamp < 0 || stamp > word(ShardLayout.STAMP_OFFSET)) {
      violation("the segments' stamp was never given: stamp=" + stamp);
    }
    claimSketch();
    long levelSplit = index.levelSplitAcquire();
    if (!ShardLayout.isSound(levelSplit)) {
      violation("level and split do not fit their check: word=" + levelSplit);
    }
    long buckets = ShardIndex.buckets(levelSplit);
    if (ShardLayout.level(levelSplit) >= Integer.SIZE || buckets > ShardIndex.MOST_BUCKETS) {
      violation("level and split are more than an index can have: word=" + levelSplit);
      return 0;
    }
    for (long number = 0; number < buckets; number++) {
      walkChain(number, levelSplit, shardOfHash);
    }
    walkIndexStorage();
    compare("records", word(ShardLayout.RECORDS_OFFSET), records);
    compare("liveBytes", word(ShardLayout.LIVE_BYTES_OFFSET), liveBytes);
    compare("largeBytes", word(ShardLayout.LARGE_BYTES_OFFSET), largeBytes);
    compare("windowBytes", word(ShardLayout.WINDOW_BYTES_OFFSET), windowBytes);
    compare("overflowBuckets", word(ShardLayout.OVERFLOW_COUNT_OFFSET), overflowBuckets);
    compare("intent", word(ShardLayout.INTENT_OFFSET), 0);
    if ((word(ShardLayout.RELOCATIONS_OFFSET) & 1) != 0) {
      violation("the relocation count is odd");
    }
    if ((memory.getLongAcquire(BookLayout.generation(shardIndex)) & 1) != 0) {
      violation("the generation is odd");
    }
    segments.forEach(this::comparePages);
    return records;
  }

  private long word(int offset) {
    return header.getLongAcquire(offset);
  }

  private void violation(String what) {
    violations.add(what + ": shard=" + shardIndex);
  }

  private void compare(String what, long written, long found) {
    if (written != found) {
      violation(what + " is wrong: written=" + written + ", found=" + found);
    }
  }

  private void comparePages(long segment, int pages) {
    long first = geometry.pageOf(segment);
    long end = Math.min(first + pages, geometry.endOfGroup(geometry.groupOf(first)));
    for (long page = first; page < end; page++) {
      long word = memory.getLongAcquire(geometry.mapWord(page));
      compare(
          "liveBytes of page " + page,
          PageMapWord.liveBytes(word),
          livePages.getOrDefault(page, 0L));
    }
  }

  private void claimSketch() {
    long sketch = word(ShardLayout.SKETCH_OFFSET);
    if (sketch == 0) {
      return;
    }
    long page = geometry.pageOf(sketch);
    if (sketch < 0 || !memory.ensureCovers(geometry.mapWord(page), Long.BYTES)) {
      violation("the sketch lies outside the file: position=" + sketch);
      return;
    }
    int pages = PageMapWord.pages(memory.getLongAcquire(geometry.mapWord(page)));
    claims.claim(page, pages, PageMapWord.KIND_SKETCH, shardIndex, violations);
  }

  private long walkSegments(RecordLog log) {
    long logBytes = 0;
    long previous = 0;
    long previousNumber = 0;
    long segment = log.oldest();
    while (segment != 0) {
      if (!memory.ensureCovers(segment, SegmentLayout.HEADER_BYTES)
          || memory.getLongPlain(segment + SegmentLayout.MARK_OFFSET)
              != SegmentLayout.mark(shardIndex)
          || !log.owns(segment)
          || segments.containsKey(segment)) {
        violation("the list of segments is broken: segment=" + segment);
        return logBytes;
      }
      compare(
          "previous of segment " + segment,
          memory.getLongPlain(segment + SegmentLayout.PREVIOUS_OFFSET),
          previous);
      long number = log.numberOf(segment);
      if (number > word(ShardLayout.SEGMENTS_STAMP_OFFSET)) {
        violation(
            "a segment is younger than the segments' stamp: segment="
                + segment
                + ", number="
                + number);
      }
      if (number <= previousNumber) {
        violation("segments are not in the order of their numbers: segment=" + segment);
      }
      previousNumber = number;
      long page = geometry.pageOf(segment);
      int pages = PageMapWord.pages(memory.getLongAcquire(geometry.mapWord(page)));
      segments.put(segment, pages);
      claims.claim(page, pages, PageMapWord.KIND_LOG, shardIndex, violations);
      logBytes += geometry.position(pages);
      walkRecords(segment, pages, log.endOf(segment));
      previous = segment;
      segment = memory.getLongPlain(segment + SegmentLayout.NEXT_OFFSET);
    }
    compare("newest segment", log.newest(), previous);
    return logBytes;
  }

  private void walkRecords(long segment, int pages, long end) {
    if (end < segment + SegmentLayout.HEADER_BYTES || end > segment + geometry.position(pages)) {
      violation("a segment ends outside itself: segment=" + segment + ", end=" + end);
      return;
    }
    long at = segment + SegmentLayout.HEADER_BYTES;
    while (at < end) {
      if (!record.load(at) || at + record.bytes() > end) {
        violation("a segment cannot be walked: segment=" + segment + ", position=" + at);
        return;
      }
      at += record.bytes();
    }
  }

  private void walkChain(long number, long levelSplit, LongToIntFunction shardOfHash) {
    long bucket = index.bucketAt(number);
    for (int hops = 0; bucket != 0; hops++) {
      if (bucket == ShardIndex.NOWHERE || (hops > 0 && !chained.add(bucket))) {
        violation("a chain of buckets is broken: bucket=" + number);
        return;
      }
      overflowBuckets += hops > 0 ? 1 : 0;
      long together = BucketLayout.EMPTY;
      for (int i = 0; i < BucketLayout.SLOTS; i++) {
        long slot = index.slotAcquire(bucket, i);
        together ^= slot;
        if (slot != BucketLayout.EMPTY) {
          records++;
          checkSlot(number, slot, levelSplit, shardOfHash);
        }
      }
      long meta = index.metaAcquire(bucket);
      if (!BucketLayout.isSound(number, meta, together)) {
        violation("a bucket does not fit its check: bucket=" + number + ", position=" + bucket);
      }
      bucket = index.next(meta);
    }
  }

  private void checkSlot(long number, long slot, long levelSplit, LongToIntFunction shardOfHash) {
    long at = BucketLayout.position(slot);
    if (!positions.add(at)) {
      violation("two slots point to one record: position=" + at);
    }
    if (!record.load(at) || record.isDead() || !record.valueFits()) {
      violation("a slot points to no record: bucket=" + number + ", position=" + at);
      return;
    }
    Map.Entry<Long, Integer> segment = segments.floorEntry(at);
    if (segment == null || !contains(segment.getKey(), segment.getValue(), at, record.bytes())) {
      violation("a record lies in no segment of its shard: position=" + at);
    } else {
      livePages.merge(geometry.pageOf(at), record.bytes(), Long::sum);
      if (window.owns(segment.getKey())) {
        windowBytes += record.bytes() + record.largeBytes();
      }
    }
    if (record.expires() && header.getLongAcquire(ShardLayout.EXPIRING_OFFSET) == 0) {
      violation("a record expires in a shard that does not look for such: position=" + at);
    }
    liveBytes += record.bytes();
    if (!record.copyTo(buffer)) {
      violation("a record's checksum is wrong: position=" + at);
    }
    if (record.isLarge()) {
      record.forEachExtent(
          at,
          (page, pages) -> {
            largeBytes += geometry.position(pages);
            claims.claim(page, pages, PageMapWord.KIND_LARGE, shardIndex, violations);
          });
    }
    if (record.stamp() == 0 || record.stamp() > word(ShardLayout.STAMP_OFFSET)) {
      violation("a record's stamp was never given: position=" + at + ", stamp=" + record.stamp());
    }
    checkPlace(number, slot, levelSplit, shardOfHash);
  }

  private boolean contains(long segment, int pages, long at, long bytes) {
    return at >= segment + SegmentLayout.HEADER_BYTES
        && at + bytes <= segment + geometry.position(pages);
  }

  private void checkPlace(long number, long slot, long levelSplit, LongToIntFunction shardOfHash) {
    long keyHash = hash.applyAsLong(buffer);
    long at = BucketLayout.position(slot);
    if (shardOfHash.applyAsInt(keyHash) != shardIndex) {
      violation("a record is in the wrong shard: position=" + at);
    }
    if (BucketLayout.bucket(keyHash, ShardLayout.level(levelSplit), ShardLayout.split(levelSplit))
        != number) {
      violation("a record is in the wrong bucket: position=" + at + ", bucket=" + number);
    }
    if (BucketLayout.tag(slot) != BucketLayout.tagOfHash(keyHash)) {
      violation("a slot has the wrong tag: position=" + at);
    }
    byte[] key = java.util.Arrays.copyOf(buffer.key(), buffer.keyLength() + 1);
    key[buffer.keyLength()] = (byte) (buffer.keyIsId() ? 1 : 0);
    List<byte[]> sameHash = keys.computeIfAbsent(keyHash, k -> new ArrayList<>(1));
    for (byte[] other : sameHash) {
      if (java.util.Arrays.equals(other, key)) {
        violation("a key is there twice: position=" + at);
      }
    }
    sameHash.add(key);
  }

  /**
   * The extents of the index are found through its chunks; those in use as well as spare ones
   * count.
   */
  private void walkIndexStorage() {
    long buckets = ShardIndex.buckets(index.levelSplitAcquire());
    long chunks = (buckets + BucketLayout.CHUNK_BUCKETS - 1) / BucketLayout.CHUNK_BUCKETS;
    for (long part = 0; part < ShardLayout.DIRECTORY_CHUNKS; part++) {
      claimIndex(memory.getLongAcquire(index.directoryRoot(part)));
    }
    for (long chunk = 1;
        chunk <= chunks;
        chunk++) { // one more may be assigned ahead of its first bucket
      long entry = index.directoryEntry(chunk);
      if (entry != ShardIndex.NOWHERE) {
        claimIndex(memory.getLongAcquire(entry));
      }
    }
    if (word(ShardLayout.INDEX_NEXT_OFFSET) != word(ShardLayout.INDEX_END_OFFSET)) {
      claimIndex(word(ShardLayout.INDEX_NEXT_OFFSET));
    }
    if (word(ShardLayout.OVERFLOW_NEXT_OFFSET) != 0) {
      claimIndex(word(ShardLayout.OVERFLOW_NEXT_OFFSET) - 1);
    }
    for (long number = 0; number < buckets; number++) {
      claimChain(index.bucketAt(number));
    }
    long free = word(ShardLayout.OVERFLOW_FREE_OFFSET);
    while (free != 0) {
      if ((free & (BucketLayout.BUCKET_BYTES - 1)) != 0
          || !memory.ensureCovers(free, BucketLayout.BUCKET_BYTES)
          || !chained.add(free)) {
        violation("the list of free overflow buckets is broken");
        return;
      }
      claimIndex(free);
      free = index.nextAcquire(free);
    }
  }

  private void claimChain(long first) {
    if (first == ShardIndex.NOWHERE) {
      return;
    }
    long bucket = index.nextAcquire(first);
    for (int hops = 0;
        bucket != 0 && bucket != ShardIndex.NOWHERE && hops < ShardIndex.LONGEST_CHAIN;
        hops++) {
      claimIndex(bucket);
      bucket = index.nextAcquire(bucket);
    }
  }

  private void claimIndex(long position) {
    if (position <= 0 || position == shard + ShardLayout.FIRST_CHUNK_OFFSET) {
      return;
    }
    long page = geometry.pageOf(position);
    if (!memory.ensureCovers(geometry.mapWord(page), Long.BYTES)) {
      violation("index storage lies outside the file: position=" + position);
      return;
    }
    long word = memory.getLongAcquire(geometry.mapWord(page));
    if (PageMapWord.kind(word) == PageMapWord.KIND_TAIL && PageMapWord.firstPage(page, word) >= 0) {
      page = PageMapWord.firstPage(page, word);
      word = memory.getLongAcquire(geometry.mapWord(page));
    }
    if (PageMapWord.kind(word) != PageMapWord.KIND_INDEX || PageMapWord.shard(word) != shardIndex) {
      violation("index storage is not the shard's: position=" + position);
    } else if (indexExtents.add(page)) {
      claims.claim(page, PageMapWord.pages(word), PageMapWord.KIND_INDEX, shardIndex, violations);
    }
  }
}
