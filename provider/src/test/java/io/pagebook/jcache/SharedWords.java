package io.pagebook.jcache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A few words that processes share, a cache line each: the fastest way for one to tell another. */
final class SharedWords {
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final int LINE_BYTES = 64;
  private static final int WORDS = 8;

  private final ByteBuffer bytes;

  private SharedWords(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  static SharedWords open(Path file) {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new SharedWords(
          channel.map(FileChannel.MapMode.READ_WRITE, 0, WORDS * (long) LINE_BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long get(int word) {
    return (long) LONG.getVolatile(bytes, word * LINE_BYTES);
  }

  void set(int word, long value) {
    LONG.setVolatile(bytes, word * LINE_BYTES, value);
  }
}
