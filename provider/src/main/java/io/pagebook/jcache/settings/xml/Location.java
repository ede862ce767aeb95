package io.pagebook.jcache.settings.xml;

import java.io.Serializable;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Where something stands in a document.
 *
 * @param file the document, as a path or a URI
 * @param line counted from 1; where an element begins
 */
public record Location(String file, int line) implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int MAX_SHOWN = 200;

  /** As {@link #error(String, String, Throwable)}, with no other exception behind it. */
  public CacheException error(String what, String fix) {
    return error(what, fix, null);
  }

  /**
   * The exception for a mistake here.
   *
   * @param what what is wrong, with its keys and values
   * @param fix what to do about it
   */
  public CacheException error(String what, String fix, @Nullable Throwable cause) {
    return new CacheException(join(what, toString()) + "; " + fix, cause);
  }

  /** A message with more keys and values. */
  static String join(String what, String details) {
    return what + (what.contains(": ") ? ", " : ": ") + details;
  }

  /** A value as a message shows it: in one line, cut if long. */
  static String shown(String value) {
    String cut = value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "...";
    return cut.replaceAll("\\p{Cntrl}+", " ");
  }

  @Override
  public String toString() {
    return "file=" + file + ", line=" + line;
  }
}
