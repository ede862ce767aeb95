package io.pagebook.jcache.spi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The codec that docs/values.md shows. */
// snippet
public final class PriceCodec implements ValueCodec {
  @Override
  public String name() {
    return "price";
  }

  @Override
  public int version() {
    return 1; // of these bytes: raise it when they change
  }

  @Override
  public void open(CodecContext context) {
    if (context.valueType() != Price.class) {
      throw new IllegalArgumentException("only for prices: valueType=" + context.valueType());
    }
  }

  @Override
  public byte[] encode(Object value) {
    Price price = (Price) value;
    byte[] currency = price.currency().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + currency.length)
        .putLong(price.cents())
        .put(currency)
        .array();
  }

  @Override
  public Object decode(byte[] source, int offset, int length) {
    long cents = ByteBuffer.wrap(source, offset, length).getLong();
    int text = length - Long.BYTES;
    return new Price(new String(source, offset + Long.BYTES, text, StandardCharsets.UTF_8), cents);
  }
}
// end
