package io.pagebook.examples.xml;

import java.util.HashMap;
import java.util.Map;
import javax.cache.integration.CacheLoader;

/** Finds out how long a name is, as if that were hard work; named in {@code caches.xml}. */
public final class SlowLengths implements CacheLoader<String, Integer> {
  @Override
  public Integer load(String name) {
    System.out.println("  (loading the length of " + name + ")");
    return name.length();
  }

  @Override
  public Map<String, Integer> loadAll(Iterable<? extends String> names) {
    Map<String, Integer> lengths = new HashMap<>();
    names.forEach(name -> lengths.put(name, load(name)));
    return lengths;
  }
}
