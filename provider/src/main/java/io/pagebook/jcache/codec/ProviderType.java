package io.pagebook.jcache.codec;

import io.pagebook.book.ValueType;

/**
 * The numbers under which this provider's codecs stand in a book, as the type of a value and as the
 * first byte of a key. A number is never given a second meaning. {@link ValueType} has those that
 * the book itself knows; 34 to 127 are free for codecs of this provider, 128 to 254 for those of
 * applications.
 */
public final class ProviderType {
  /** The object as Java serialisation writes it. */
  public static final int SERIALIZED = ValueType.FIRST_PROVIDER_TYPE;

  public static final int INTEGER = 17;
  public static final int LONG = 18;
  public static final int SHORT = 19;
  public static final int BYTE = 20;
  public static final int CHARACTER = 21;
  public static final int BOOLEAN = 22;
  public static final int FLOAT = 23;
  public static final int DOUBLE = 24;
  public static final int UUID = 25;
  public static final int BIG_INTEGER = 26;
  public static final int BIG_DECIMAL = 27;
  public static final int INSTANT = 28;
  public static final int LOCAL_DATE = 29;
  public static final int LOCAL_TIME = 30;
  public static final int LOCAL_DATE_TIME = 31;
  public static final int DURATION = 32;
  public static final int DATE = 33;

  /** The provider's own record about the cache; no entry of it. */
  public static final int HEADER = ValueType.KEPT;

  private ProviderType() {}
}
