package io.pagebook.jcache.spi;

import java.nio.charset.StandardCharsets;

/** Fails in every way, as the value says. */
public final class RefusingCodec implements ValueCodec {
  /** What to do when the value that holds it is encoded. */
  public enum Way {
    NULL,
    EXCEPTION,
    STACK_OVERFLOW,
    READ_NULL,
    READ_EXCEPTION,
    READ_ANOTHER_TYPE,
    READ_LINKAGE_ERROR
  }

  /** Constructed by the service loader. */
  public RefusingCodec() {}

  @Override
  public String name() {
    return "refusing";
  }

  @Override
  public int version() {
    return 7;
  }

  @Override
  public void open(CodecContext context) {
    if (context.cacheName().equals("refused")) {
      throw new IllegalStateException("not this one");
    }
  }

  @Override
  public byte[] encode(Object value) {
    Way way = (Way) value;
    return switch (way) {
      case NULL -> null;
      case EXCEPTION -> throw new IllegalArgumentException("not this value");
      case STACK_OVERFLOW -> throw new StackOverflowError();
      default -> way.name().getBytes(StandardCharsets.US_ASCII);
    };
  }

  @Override
  public Object decode(byte[] source, int offset, int length) {
    return switch (Way.valueOf(new String(source, offset, length, StandardCharsets.US_ASCII))) {
      case READ_NULL -> null;
      case READ_ANOTHER_TYPE -> new Price("EUR", 1);
      case READ_LINKAGE_ERROR -> throw new NoClassDefFoundError("gone");
      default -> throw new IllegalArgumentException("not these bytes");
    };
  }
}
