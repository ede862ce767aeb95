package io.pagebook.clients;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.annotation.BeanProvider;
import org.jsr107.ri.annotations.guice.module.CacheAnnotationsModule;

/** The beans of the TCK's annotation part, their interceptors working on the default manager. */
public final class GuiceBeanProvider implements BeanProvider {
  private final Injector injector =
      Guice.createInjector(
          new AbstractModule() {
            @Override
            protected void configure() {
              install(new CacheAnnotationsModule());
              bind(CacheManager.class)
                  .toProvider(() -> Caching.getCachingProvider().getCacheManager());
            }
          });

  @Override
  public <T> T getBeanByType(Class<T> type) {
    return injector.getInstance(type);
  }
}
