package io.pagebook.benchmarks;

/**
 * Which shard of a book each key belongs to: the one whose generation rises when the key is
 * written. For a book that nobody else writes to meanwhile.
 */
final class ShardKeys {
  private final int[] shardOfKey;
  private final int shards;

  /** Writes all of the keys 1 to {@code entries}. */
  ShardKeys(Store<String> store, RawBook raw, int entries) {
    shards = raw.shards();
    shardOfKey = new int[entries + 1];
    long[] generations = new long[shards];
    for (int shard = 0; shard < shards; shard++) {
      generations[shard] = raw.generation(shard);
    }
    for (int key = 1; key <= entries; key++) {
      store.put(key, Shape.usual(1).initialValue(key));
      int shard = 0;
      while (raw.generation(shard) == generations[shard]) {
        shard++;
      }
      generations[shard] = raw.generation(shard);
      shardOfKey[key] = shard;
    }
  }

  /** The first {@code count} keys of a shard, or fewer if it has not as many. */
  int[] of(int shard, int count) {
    return java.util.stream.IntStream.range(1, shardOfKey.length)
        .filter(key -> shardOfKey[key] == shard)
        .limit(count)
        .toArray();
  }

  /** The part of a workload's requests that goes to the busiest shard. */
  double busiest(Workload<String> workload, int requests) {
    long[] count = new long[shards];
    long most = 0;
    for (int i = 0; i < requests; i++) {
      most = Math.max(most, ++count[shardOfKey[Math.abs(workload.request(i))]]);
    }
    return (double) most / requests;
  }
}
