package io.pagebook.jcache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves only when told to, and starts anywhere within a year from now. */
final class TestClock implements InstantSource {
  private final AtomicLong millis =
      new AtomicLong(
          System.currentTimeMillis()
              + ThreadLocalRandom.current().nextLong(Duration.ofDays(365).toMillis()));

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis.get());
  }

  @Override
  public long millis() {
    return millis.get();
  }

  void advance(Duration duration) {
    millis.addAndGet(duration.toMillis());
  }
}
