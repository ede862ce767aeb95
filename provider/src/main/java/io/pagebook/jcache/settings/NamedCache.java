package io.pagebook.jcache.settings;

import io.pagebook.jcache.settings.xml.Location;

/**
 * A cache that exists as soon as its manager does.
 *
 * @param name its name
 * @param configuration its JSR-107 configuration
 * @param settings what it is made with beyond that
 * @param location where it is configured
 */
public record NamedCache(
    String name,
    CacheConfiguration<?, ?> configuration,
    CacheSettings settings,
    Location location) {

  /** The exception for what kept the cache from being made. */
  public RuntimeException failed(RuntimeException cause) {
    if (String.valueOf(cause.getMessage()).contains(", file=" + location.file() + ", line=")) {
      return cause; // says where in the document, and more exactly
    }
    return location.error(
        "cache cannot be made: cache=" + name + ", reason=" + cause.getMessage(),
        "correct its configuration, or what the reason names",
        cause);
  }
}
