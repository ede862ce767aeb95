package io.pagebook.jcache.settings;

import static org.assertj.core.api.Assertions.assertThat;

import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import org.junit.jupiter.api.Test;

class CacheConfigurationTest {
  @Test
  void nullMeansTheDefault() {
    CacheConfiguration<Object, Object> copy = CacheConfiguration.copyOf(new Sparse());

    assertThat(copy.getCacheEntryListenerConfigurations()).isEmpty();
    assertThat(copy.getExpiryPolicyFactory().create()).isInstanceOf(EternalExpiryPolicy.class);
  }

  /** A user's configuration that has nothing to say. */
  private static final class Sparse extends MutableConfiguration<Object, Object> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterable<CacheEntryListenerConfiguration<Object, Object>>
        getCacheEntryListenerConfigurations() {
      return null;
    }

    @Override
    public Factory<ExpiryPolicy> getExpiryPolicyFactory() {
      return null;
    }
  }
}
