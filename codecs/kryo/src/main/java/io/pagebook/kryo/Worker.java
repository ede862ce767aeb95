package io.pagebook.kryo;

import com.esotericsoftware.kryo.kryo5.KryoException;
import io.pagebook.jcache.spi.CodecContext;

/** A Kryo and its buffers, for one thread at a time; not to be used again after an error. */
final class Worker {
  /** What is kept of a buffer, so that one huge value does not stay. */
  private static final int RETAINED_BYTES = 1 << 16;

  private static final int INITIAL_BYTES = 512;

  private final RuledKryo kryo;
  private final BoundedOutput output = new BoundedOutput(INITIAL_BYTES);
  private final BoundedInput input = new BoundedInput();

  Worker(CodecContext context) {
    kryo = new RuledKryo(context);
  }

  byte[] encode(Object value) {
    output.reset();
    kryo.writeClassAndObject(output, value);
    byte[] bytes = output.toBytes();
    if (output.isSuspect()) {
      decode(bytes, 0, bytes.length); // refuses what could not be read back
    }
    if (output.getBuffer().length > RETAINED_BYTES) {
      output.setBuffer(new byte[INITIAL_BYTES], -1);
    }
    return bytes;
  }

  Object decode(byte[] source, int offset, int length) {
    input.open(source, offset, length);
    try {
      Object value = kryo.readClassAndObject(input);
      if (input.position() != input.limit()) {
        throw new KryoException("bytes are left over: bytes=" + (input.limit() - input.position()));
      }
      return value;
    } finally {
      input.release();
    }
  }
}
