package io.pagebook.jcache.management;

import static org.assertj.core.api.Assertions.assertThat;

import javax.cache.management.CacheStatisticsMXBean;
import org.junit.jupiter.api.Test;

class CacheStatisticsTest {
  private long evictions;
  private final CacheStatistics statistics = new CacheStatistics(() -> evictions);
  private final CacheStatisticsMXBean bean = new StatisticsBean(statistics);

  @Test
  void nothingCountedMeansZeroAndNoNan() {
    assertThat(bean.getCacheHitPercentage()).isZero();
    assertThat(bean.getCacheMissPercentage()).isZero();
    assertThat(bean.getAverageGetTime()).isZero();
    assertThat(bean.getAveragePutTime()).isZero();
    assertThat(bean.getAverageRemoveTime()).isZero();
  }

  @Test
  void percentagesAreOfAllGets() {
    statistics.setEnabled(true);
    for (int i = 0; i < 3; i++) {
      statistics.hit(statistics.start());
    }
    statistics.miss(statistics.start());

    assertThat(bean.getCacheGets()).isEqualTo(4);
    assertThat(bean.getCacheHitPercentage()).isEqualTo(75f);
    assertThat(bean.getCacheMissPercentage()).isEqualTo(25f);
  }

  @Test
  void averagesAreMicrosecondsOfTheirOwnOperation() {
    statistics.setEnabled(true);
    long second = 1_000_000_000;
    statistics.put(System.nanoTime() - second);
    statistics.removal(System.nanoTime() - 2 * second);

    assertThat(bean.getAverageGetTime()).isZero();
    assertThat(bean.getAveragePutTime()).isBetween(1_000_000f, 1_500_000f);
    assertThat(bean.getAverageRemoveTime()).isBetween(2_000_000f, 2_500_000f);
  }

  @Test
  void anOperationThatStartedWithoutStatisticsIsNotCounted() {
    long start = statistics.start();
    statistics.setEnabled(true);
    statistics.hit(start);

    assertThat(bean.getCacheHits()).isZero();
  }

  @Test
  void clearResetsAll() {
    statistics.setEnabled(true);
    statistics.hit(statistics.start());
    statistics.put(statistics.start());
    statistics.removal(statistics.start());

    bean.clear();

    assertThat(bean.getCacheGets()).isZero();
    assertThat(bean.getCachePuts()).isZero();
    assertThat(bean.getCacheRemovals()).isZero();
    assertThat(bean.getAverageGetTime()).isZero();
  }

  @Test
  void evictionsAreThoseOfTheBookSinceTheLastClear() {
    evictions = 3;
    assertThat(bean.getCacheEvictions()).isEqualTo(3);

    bean.clear();
    evictions = 5;

    assertThat(bean.getCacheEvictions()).isEqualTo(2);
    assertThat(statistics.total(CacheStatistics.EVICTIONS)).isEqualTo(5);
  }
}
