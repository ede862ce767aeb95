package io.pagebook.jcache.settings;

import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.Factory;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.jspecify.annotations.Nullable;

/**
 * A cache's JSR-107 configuration as it was at one moment. Immutable.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class CacheConfiguration<K, V> implements CompleteConfiguration<K, V> {
  @Serial private static final long serialVersionUID = 1L;

  private final Class<K> keyType;
  private final Class<V> valueType;
  private final boolean storeByValue;
  private final boolean readThrough;
  private final boolean writeThrough;
  private final boolean statisticsEnabled;
  private final boolean managementEnabled;
  private final ArrayList<CacheEntryListenerConfiguration<K, V>> listeners;
  private final @Nullable Factory<CacheLoader<K, V>> loaderFactory;
  private final @Nullable Factory<CacheWriter<? super K, ? super V>> writerFactory;
  private final Factory<ExpiryPolicy> expiryPolicyFactory;

  private CacheConfiguration(
      CompleteConfiguration<K, V> other,
      @Nullable Iterable<CacheEntryListenerConfiguration<K, V>> listeners,
      boolean storeByValue,
      boolean statisticsEnabled,
      boolean managementEnabled) {
    keyType = other.getKeyType();
    valueType = other.getValueType();
    this.storeByValue = storeByValue;
    readThrough = other.isReadThrough();
    writeThrough = other.isWriteThrough();
    this.statisticsEnabled = statisticsEnabled;
    this.managementEnabled = managementEnabled;
    this.listeners = new ArrayList<>();
    if (listeners != null) {
      listeners.forEach(this.listeners::add);
    }
    loaderFactory = other.getCacheLoaderFactory();
    writerFactory = other.getCacheWriterFactory();
    Factory<ExpiryPolicy> policies = other.getExpiryPolicyFactory();
    expiryPolicyFactory = policies == null ? EternalExpiryPolicy.factoryOf() : policies;
  }

  private CacheConfiguration(Configuration<K, V> other) {
    keyType = other.getKeyType();
    valueType = other.getValueType();
    storeByValue = other.isStoreByValue();
    readThrough = false;
    writeThrough = false;
    statisticsEnabled = false;
    managementEnabled = false;
    listeners = new ArrayList<>();
    loaderFactory = null;
    writerFactory = null;
    expiryPolicyFactory = EternalExpiryPolicy.factoryOf();
  }

  /**
   * A copy, with the defaults of JSR-107 for what a bare {@link Configuration} does not say, and
   * for what a user's own class returns null.
   */
  public static <K, V> CacheConfiguration<K, V> copyOf(Configuration<K, V> configuration) {
    if (configuration instanceof CompleteConfiguration<K, V> complete) {
      return new CacheConfiguration<>(
          complete,
          complete.getCacheEntryListenerConfigurations(),
          complete.isStoreByValue(),
          complete.isStatisticsEnabled(),
          complete.isManagementEnabled());
    }
    return new CacheConfiguration<>(configuration);
  }

  /** A copy with what may change while a cache lives. */
  public CacheConfiguration<K, V> with(
      Iterable<CacheEntryListenerConfiguration<K, V>> newListeners,
      boolean statistics,
      boolean management) {
    return new CacheConfiguration<>(this, newListeners, storeByValue, statistics, management);
  }

  /** A copy that stores by value. */
  public CacheConfiguration<K, V> byValue() {
    return new CacheConfiguration<>(this, listeners, true, statisticsEnabled, managementEnabled);
  }

  @Override
  public Class<K> getKeyType() {
    return keyType;
  }

  @Override
  public Class<V> getValueType() {
    return valueType;
  }

  @Override
  public boolean isStoreByValue() {
    return storeByValue;
  }

  @Override
  public boolean isReadThrough() {
    return readThrough;
  }

  @Override
  public boolean isWriteThrough() {
    return writeThrough;
  }

  @Override
  public boolean isStatisticsEnabled() {
    return statisticsEnabled;
  }

  @Override
  public boolean isManagementEnabled() {
    return managementEnabled;
  }

  @Override
  public Iterable<CacheEntryListenerConfiguration<K, V>> getCacheEntryListenerConfigurations() {
    return List.copyOf(listeners);
  }

  @Override
  public @Nullable Factory<CacheLoader<K, V>> getCacheLoaderFactory() {
    return loaderFactory;
  }

  @Override
  public @Nullable Factory<CacheWriter<? super K, ? super V>> getCacheWriterFactory() {
    return writerFactory;
  }

  @Override
  public Factory<ExpiryPolicy> getExpiryPolicyFactory() {
    return expiryPolicyFactory;
  }
}
