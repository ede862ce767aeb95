package io.pagebook.jcache.shop;

import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;

/** Entries live until the day ends. */
public final class UntilMidnight implements ExpiryPolicy {
  @Override
  public Duration getExpiryForCreation() {
    long millis = LocalTime.now(java.time.ZoneOffset.UTC).until(LocalTime.MAX, ChronoUnit.MILLIS);
    return new Duration(TimeUnit.MILLISECONDS, millis + 1);
  }

  @Override
  public Duration getExpiryForAccess() {
    return null;
  }

  @Override
  public Duration getExpiryForUpdate() {
    return getExpiryForCreation();
  }
}
