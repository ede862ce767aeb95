package io.pagebook.jcache.codec;

import java.io.InvalidObjectException;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How deep collections are nested within an object that is being deserialised. For one thread and
 * one object.
 */
/*
 * Hashing a collection hashes what is in it. Where each of n levels holds the next one twice, the innermost is hashed
 * 2^n times, and a set that is deserialised hashes its elements. An object is complete before the one that holds it
 * goes on, so this looks at each collection before anybody can hash it. A view has the elements of another collection
 * for a few bytes, and is looked through for each of them: so the looks are counted.
 */
final class CollectionNesting {
  private final IdentityHashMap<Object, Integer> levels = new IdentityHashMap<>();
  private final long maxLooks;
  private long looks;

  /** For an object of so many bytes. */
  CollectionNesting(int bytes) {
    maxLooks = ReadLimits.maxLooks(bytes);
  }

  /**
   * Looks at an object that is complete, and at nothing within it but its elements; and only if its
   * class is one of the JDK's, as others may do anything when they are asked for elements.
   */
  void check(@Nullable Object object) throws InvalidObjectException {
    int level;
    if (object == null || object.getClass().getClassLoader() != null) {
      return;
    } else if (object instanceof Collection<?> collection) {
      level = 1 + highest(collection);
    } else if (object instanceof Map<?, ?> map) {
      level = 1 + Math.max(highest(map.keySet()), highest(map.values()));
    } else if (object instanceof Map.Entry<?, ?> entry) {
      level = 1 + highest(Arrays.asList(entry.getKey(), entry.getValue()));
    } else if (object instanceof Optional<?> optional) {
      level = 1 + highest(Arrays.asList((Object) optional.orElse(null)));
    } else {
      return;
    }
    if (level > ReadLimits.MAX_COLLECTION_LEVELS) {
      throw new InvalidObjectException("collections are nested too deeply: levels=" + level);
    }
    levels.put(object, level);
  }

  private int highest(Collection<?> elements) throws InvalidObjectException {
    int highest = 0;
    // a forged wrapper of a list may iterate over another collection than it hashes, and lists
    Iterator<?> each = elements instanceof List<?> list ? list.listIterator() : elements.iterator();
    while (each.hasNext()) {
      if (++looks > maxLooks) {
        throw new InvalidObjectException(
            "elements of collections are looked at too often: maxLooks=" + maxLooks);
      }
      highest = Math.max(highest, levels.getOrDefault(each.next(), 0));
    }
    return highest;
  }
}
