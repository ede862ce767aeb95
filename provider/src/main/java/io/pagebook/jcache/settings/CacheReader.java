package io.pagebook.jcache.settings;

import io.pagebook.jcache.codec.ClassRules;
import io.pagebook.jcache.codec.ValueCodecs;
import io.pagebook.jcache.settings.xml.Attribute;
import io.pagebook.jcache.settings.xml.Element;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheException;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryListener;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.jspecify.annotations.Nullable;

/**
 * Reads the element of a cache or a template, what it inherits included.
 *
 * @param loader where its classes come from
 * @param classRules which classes it may hold besides those of its types
 * @param codec its value codec if it names none
 */
record CacheReader(ClassLoader loader, ClassRules classRules, String codec) {

  /**
   * Reads a cache.
   *
   * @throws CacheException for the first mistake
   */
  NamedCache read(Element cache) {
    return new NamedCache(
        cache.required("name").value(), configuration(cache), settings(cache), cache.location());
  }

  /** Looks for mistakes in a template, which may be incomplete. */
  void check(Element template) {
    configuration(template);
    settings(template);
  }

  /** What does not concern JSR-107. */
  CacheSettings settings(Element cache) {
    return new CacheSettings(
        BookSettings.read(cache),
        BookSettings.isPageSizeStated(cache),
        BookSettings.isOnFullStated(cache),
        classRules,
        codec(cache.child("codec")),
        NearCacheSettings.read(cache));
  }

  private String codec(@Nullable Element element) {
    if (element == null) {
      return codec;
    }
    Attribute name = element.required("name");
    List<String> known = ValueCodecs.names(loader);
    if (!known.contains(name.value())) {
      throw name.error(
          "value codec is unknown: known=" + known,
          "use one of them, or put the jar of another where the manager's class loader finds it");
    }
    return name.value();
  }

  private CacheConfiguration<Object, Object> configuration(Element cache) {
    MutableConfiguration<Object, Object> configuration = new MutableConfiguration<>();
    configuration.setTypes(type(cache.attribute("key-type")), type(cache.attribute("value-type")));
    configuration.setStatisticsEnabled(isTrue(cache.child("statistics"), "enabled"));
    configuration.setManagementEnabled(isTrue(cache.child("management"), "enabled"));
    configuration.setExpiryPolicyFactory(expiry(cache.child("expiry")));
    Element reading = cache.child("loader");
    Attribute loaderClass = customizationClass(reading, cache);
    if (loaderClass != null) {
      configuration.setCacheLoaderFactory(
          ConfiguredFactory.<CacheLoader<Object, Object>>of(
              loaderClass, CacheLoader.class, loader));
      configuration.setReadThrough(isTrue(reading, "read-through"));
    }
    Element writing = cache.child("writer");
    Attribute writerClass = customizationClass(writing, cache);
    if (writerClass != null) {
      configuration.setCacheWriterFactory(
          ConfiguredFactory.<CacheWriter<Object, Object>>of(
              writerClass, CacheWriter.class, loader));
      configuration.setWriteThrough(isTrue(writing, "write-through"));
    }
    for (Element listener : cache.children("listener")) {
      configuration.addCacheEntryListenerConfiguration(listener(listener));
    }
    return CacheConfiguration.copyOf(configuration);
  }

  @SuppressWarnings("unchecked") // a cache checks what goes into it against its types
  private Class<Object> type(@Nullable Attribute attribute) {
    return attribute == null ? Object.class : (Class<Object>) ClassNames.load(attribute, loader);
  }

  private Factory<ExpiryPolicy> expiry(@Nullable Element expiry) {
    if (expiry == null) {
      return EternalExpiryPolicy.factoryOf();
    }
    if (expiry.children().size() != 1) {
      throw expiry.error("element has several policies", "keep one");
    }
    Element policy = expiry.children().get(0);
    return switch (policy.name()) {
      case "created" -> CreatedExpiryPolicy.factoryOf(after(policy));
      case "accessed" -> AccessedExpiryPolicy.factoryOf(after(policy));
      case "modified" -> ModifiedExpiryPolicy.factoryOf(after(policy));
      case "touched" -> TouchedExpiryPolicy.factoryOf(after(policy));
      case "policy" -> ConfiguredFactory.of(policy.required("class"), ExpiryPolicy.class, loader);
      default -> EternalExpiryPolicy.factoryOf();
    };
  }

  private static Duration after(Element policy) {
    Attribute after = policy.required("after");
    java.time.Duration duration = after.asDuration();
    long millis = duration.toMillis();
    if (millis == 0 && !duration.isZero()) {
      throw after.error("duration is too short", "use 1ms or more, or 0s for none at all");
    }
    return new Duration(TimeUnit.MILLISECONDS, millis);
  }

  /** The class of a loader or a writer; only a template may leave it out. */
  private static @Nullable Attribute customizationClass(@Nullable Element element, Element cache) {
    if (element == null) {
      return null;
    }
    return cache.name().equals(Templates.ELEMENT)
        ? element.attribute("class")
        : element.required("class");
  }

  private CacheEntryListenerConfiguration<Object, Object> listener(Element element) {
    Factory<CacheEntryListener<Object, Object>> listeners =
        ConfiguredFactory.of(element.required("class"), CacheEntryListener.class, loader);
    Attribute filterClass = element.attribute("filter");
    Factory<CacheEntryEventFilter<Object, Object>> filters =
        filterClass == null
            ? null
            : ConfiguredFactory.of(filterClass, CacheEntryEventFilter.class, loader);
    return new MutableCacheEntryListenerConfiguration<>(
        listeners, filters, isTrue(element, "old-value"), isTrue(element, "synchronous"));
  }

  private static boolean isTrue(@Nullable Element element, String name) {
    Attribute attribute = element == null ? null : element.attribute(name);
    return attribute != null && attribute.asBoolean();
  }
}
