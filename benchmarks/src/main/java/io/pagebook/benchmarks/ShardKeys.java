package io.pagebook.benchmarks;

/**
 * Which shard of a book each key belongs to: the one whose generation rises when the key is
 * written. For a book that nobody else writes to meanwhile.
 */
final class ShardKeys {
  private final int[] shardOfEntry;
  private final int shards;

  /** Writes all entries. */
  ShardKeys(Store<String> store, RawBook raw, int entries) {
    shards = raw.shards();
    shardOfEntry = new int[entries + 1];
    long[] generations = new long[shards];
    for (int shard = 0; shard < shards; shard++) {
      generations[shard] = raw.generation(shard);
    }
    for (int n = 1; n <= entries; n++) {
      store.put(Workload.key(n), Shape.usual(1).initialValue(n));
      int shard = 0;
      while (raw.generation(shard) == generations[shard]) {
        shard++;
      }
      generations[shard] = raw.generation(shard);
      shardOfEntry[n] = shard;
    }
  }

  /** The first {@code count} keys of a shard, or fewer if it has not as many. */
  int[] of(int shard, int count) {
    return java.util.stream.IntStream.range(1, shardOfEntry.length)
        .filter(n -> shardOfEntry[n] == shard)
        .limit(count)
        .map(Workload::key)
        .toArray();
  }

  /** The part of a workload's requests that goes to the busiest shard. */
  double busiest(Workload<String> workload, int requests) {
    long[] count = new long[shards];
    long most = 0;
    for (int i = 0; i < requests; i++) {
      most = Math.max(most, ++count[shardOfEntry[Math.abs(workload.request(i))]]);
    }
    return (double) most / requests;
  }
}
