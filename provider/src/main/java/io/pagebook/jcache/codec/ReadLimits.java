package io.pagebook.jcache.codec;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;

/**
 * The limits within which a shared book's objects are read, and what an object that is being
 * written has of that which may break them. For one thread and one object.
 */
/*
 * Depth is not known while an object is written, only how many objects there are: no more of them, no deeper. So this
 * tells the many objects that are within the limits for certain from the few that have to be read to know.
 */
final class ReadLimits {
  /** Nothing sensible nests deeper; a stack holds several times as much. */
  static final int MAX_DEPTH = 256;

  static final int MAX_REFERENCES = 1 << 24;

  /** What a table of a collection may be longer than the bytes of its elements. */
  static final int ARRAY_SLACK = 1024;

  /** How deep collections are within each other. */
  static final int MAX_COLLECTION_LEVELS = 20;

  /** A number or a time has up to four levels of its own. */
  private static final int CERTAIN_OBJECTS = MAX_DEPTH - 6;

  private static final Class<?> COPIES = Collections.nCopies(1, "").getClass();

  private int objects;
  private int collections;
  private boolean doubtful;

  /** Elements of collections that may be looked at while an object of so many bytes is read. */
  static long maxLooks(int bytes) {
    return 24L * bytes + (1 << 16); // more than MAX_COLLECTION_LEVELS collections of all the bytes
  }

  /** Notes an object that is written. */
  void count(Object object) {
    if (object instanceof String
        || object instanceof Enum<?>
        || ScalarCodecs.of(object) != null
        || EqualParts.isTime(object)) {
      return;
    }
    Class<?> type = object.getClass();
    if (type.isArray()) {
      objects += type.getComponentType().isPrimitive() ? 0 : 1;
      return;
    }
    objects++;
    if (type.getClassLoader() == null) {
      collections++; // or what stands for one in the stream
      doubtful |= type == COPIES && ((Collection<?>) object).size() > ARRAY_SLACK;
    } else {
      // one of the JDK's may be a view of it
      doubtful |= object instanceof Collection || object instanceof Map;
    }
  }

  /** Whether what was written, in so many bytes, may be beyond the limits. */
  boolean mayBeExceeded(int bytes) {
    return doubtful
        || objects > CERTAIN_OBJECTS
        || collections > MAX_COLLECTION_LEVELS
        || bytes > MAX_REFERENCES;
  }
}
