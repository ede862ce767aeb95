package io.pagebook.book;

/**
 * The codec numbers that the book itself knows. A record names its codec, so that processes never
 * mix them up. Numbers from {@link #FIRST_PROVIDER_TYPE} to 255 belong to the layer above.
 */
public final class ValueType {
  /** Bytes as given. */
  public static final int BYTES = 1;

  /** A string whose characters all fit in one byte, as ISO-8859-1. */
  public static final int LATIN1_STRING = 2;

  /** Any other string, as its UTF-16 code units, little-endian (unpaired surrogates survive). */
  public static final int UTF16_STRING = 3;

  public static final int FIRST_PROVIDER_TYPE = 16;

  /** A record of this type is never evicted; for what a provider needs to know of its book. */
  public static final int KEPT = 255;

  private ValueType() {}
}
