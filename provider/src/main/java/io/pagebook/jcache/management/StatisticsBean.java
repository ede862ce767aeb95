package io.pagebook.jcache.management;

import javax.cache.management.CacheStatisticsMXBean;

/** The statistics of one cache, as JMX shows them. Thread-safe. */
public final class StatisticsBean implements CacheStatisticsMXBean {
  private static final float PERCENT = 100;

  private final CacheStatistics statistics;

  public StatisticsBean(CacheStatistics statistics) {
    this.statistics = statistics;
  }

  @Override
  public void clear() {
    statistics.clear();
  }

  @Override
  public long getCacheHits() {
    return statistics.hits();
  }

  @Override
  public float getCacheHitPercentage() {
    return percentage(statistics.hits());
  }

  @Override
  public long getCacheMisses() {
    return statistics.misses();
  }

  @Override
  public float getCacheMissPercentage() {
    return percentage(statistics.misses());
  }

  @Override
  public long getCacheGets() {
    return statistics.hits() + statistics.misses();
  }

  @Override
  public long getCachePuts() {
    return statistics.puts();
  }

  @Override
  public long getCacheRemovals() {
    return statistics.removals();
  }

  /**
   * By this JVM, to make room in a bounded cache; also of entries that others had put. The book
   * counts them, whether statistics are enabled or not.
   */
  @Override
  public long getCacheEvictions() {
    return statistics.evictions();
  }

  @Override
  public float getAverageGetTime() {
    return statistics.averageGetMicros();
  }

  @Override
  public float getAveragePutTime() {
    return statistics.averagePutMicros();
  }

  @Override
  public float getAverageRemoveTime() {
    return statistics.averageRemoveMicros();
  }

  private float percentage(long part) {
    long gets = getCacheGets();
    return gets == 0 ? 0 : PERCENT * part / gets;
  }
}
