package io.pagebook.stress.history;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What one thread has called, in a mapped file that survives the death of its process. Each call is
 * written down before it is made, and its end after it has returned. Times are {@link
 * System#nanoTime()}, which on Linux is CLOCK_MONOTONIC: one clock for all processes of a host.
 */
@SuppressWarnings("EnumOrdinal") // all processes of a run have the same classes
final class HistoryLog {
  private static final int ENTRY_BYTES = 64;
  private static final int ENTRIES = 1 << 17;
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final MappedByteBuffer map;
  private int count;

  HistoryLog(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      map = channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) ENTRIES * ENTRY_BYTES);
    }
  }

  boolean isFull() {
    return count == ENTRIES;
  }

  /** Writes down a call that is about to be made; the begin, which makes it count, last. */
  void begin(Kind kind, int key, long argument, long expected) {
    int at = count++ * ENTRY_BYTES;
    LONG.set(map, at + 8, (long) kind.ordinal());
    LONG.set(map, at + 16, (long) key);
    LONG.set(map, at + 24, argument);
    LONG.set(map, at + 32, expected);
    LONG.setVolatile(map, at, System.nanoTime());
  }

  /** Writes down that the call has returned; the end, which makes it count, last. */
  void end(long result) {
    long now = System.nanoTime();
    int at = (count - 1) * ENTRY_BYTES;
    LONG.set(map, at + 40, result);
    LONG.setVolatile(map, at + 48, now);
  }

  /** Adds all calls to {@code operations}. */
  void readInto(List<Operation> operations, int client) {
    for (int at = 0; at < ENTRIES * ENTRY_BYTES; at += ENTRY_BYTES) {
      long begin = (long) LONG.getVolatile(map, at);
      if (begin == 0) {
        return;
      }
      long end = (long) LONG.getVolatile(map, at + 48);
      operations.add(
          new Operation(
              client,
              Kind.values()[(int) get(at + 8)],
              (int) get(at + 16),
              get(at + 24),
              get(at + 32),
              get(at + 40),
              begin,
              end == 0 ? Operation.NEVER : end));
    }
  }

  private long get(int at) {
    return (long) LONG.get(map, at);
  }
}
