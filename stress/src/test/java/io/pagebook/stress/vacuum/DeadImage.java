package io.pagebook.stress.vacuum;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.SlotLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * A copy of a directory of books as a stopped process has it, in which that process is dead: two
 * names of one file stay two names of one file, and the process ID in its slots is none that lives.
 */
final class DeadImage {
  private static final int SLOTS_LOOKED_AT = 16;
  private static final long NO_PROCESS = Integer.MAX_VALUE;

  private DeadImage() {}

  static void copy(Path from, Path to, long pid) throws IOException {
    Map<Object, Path> copies = new HashMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
      for (Path file : files) {
        Path target = to.resolve(file.getFileName());
        Object key =
            Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class).fileKey();
        Path other = copies.putIfAbsent(key, target);
        if (other != null) {
          Files.createLink(target, other);
        } else {
          Files.copy(file, target);
          bury(target, pid);
        }
      }
    }
  }

  private static void bury(Path file, long pid) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (channel.size() < BookLayout.GENERATIONS_OFFSET
          || read(channel, BookLayout.MAGIC_OFFSET) != BookLayout.MAGIC) {
        return;
      }
      Geometry geometry =
          new Geometry(
              (int) read(channel, BookLayout.PAGE_SIZE_OFFSET),
              (int) read(channel, BookLayout.SHARDS_OFFSET));
      for (int slot = 0; slot < SLOTS_LOOKED_AT; slot++) {
        long at = geometry.slot(slot) + SlotLayout.PID_OFFSET;
        if (at + Long.BYTES <= channel.size() && read(channel, at) == pid) {
          ByteBuffer word = word();
          word.putLong(0, NO_PROCESS);
          channel.write(word, at);
        }
      }
    }
  }

  private static long read(FileChannel channel, long at) throws IOException {
    ByteBuffer word = word();
    channel.read(word, at);
    return word.getLong(0);
  }

  private static ByteBuffer word() {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }
}
