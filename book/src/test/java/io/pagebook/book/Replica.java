package io.pagebook.book;

import io.pagebook.book.memory.StoreEvent;
import io.pagebook.book.memory.StoreRecorder;
import java.io.DataInput;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The files of a directory of books, on the heap, to which recorded events are done again. */
final class Replica {
  private static final byte[] NO_BYTES = {};

  private final byte[] sideFile;
  private final Map<String, byte[]> contents = new HashMap<>();
  private final Map<String, String> names = new TreeMap<>();

  private Replica(byte[] sideFile) {
    this.sideFile = sideFile;
  }

  /** A directory that nobody has open. */
  static Replica of(Path directory) throws IOException {
    Replica replica = new Replica(Files.readAllBytes(directory.resolve(StoreRecorder.SIDE_FILE)));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (!name.equals(StoreRecorder.SIDE_FILE)) {
          replica.names.put(name, name);
          replica.contents.put(name, Files.readAllBytes(file));
        }
      }
    }
    return replica;
  }

  /** What {@link StoreRecorder#writeFiles} wrote, with this one's side file. */
  Replica read(DataInput in) throws IOException {
    Replica replica = new Replica(sideFile);
    for (int left = in.readInt(); left > 0; left--) {
      String name = in.readUTF();
      String key = in.readUTF();
      byte[] bytes = new byte[in.readInt()];
      in.readFully(bytes);
      replica.names.put(name, key);
      replica.contents.put(key, bytes);
    }
    return replica;
  }

  Replica copy() {
    Replica copy = new Replica(sideFile);
    contents.forEach((file, bytes) -> copy.contents.put(file, bytes.clone()));
    copy.names.putAll(names);
    return copy;
  }

  /** Does an event again; false if everything is as it was before. */
  boolean apply(StoreEvent event) {
    switch (event.kind()) {
      case PLAIN, RELEASE, VOLATILE -> {
        return store(event, event.bytes().length);
      }
      case FENCE -> {
        return false;
      }
      case LENGTH -> {
        byte[] bytes = contents.getOrDefault(event.file(), NO_BYTES);
        byte[] resized = Arrays.copyOf(bytes, (int) event.position());
        return contents.put(event.file(), resized) == null || bytes.length != resized.length;
      }
      case NAME -> {
        contents.putIfAbsent(event.file(), NO_BYTES);
        names.put(event.text(), event.file());
      }
      case MOVE -> names.put(event.text(), names.remove(event.file()));
      case UNNAME -> names.remove(event.text());
    }
    return true;
  }

  /** As {@link #apply}, but the first bytes of a store only. */
  boolean store(StoreEvent event, int length) {
    byte[] bytes = contents.get(event.file());
    int from = (int) event.position();
    if (Arrays.equals(bytes, from, from + length, event.bytes(), 0, length)) {
      return false;
    }
    System.arraycopy(event.bytes(), 0, bytes, from, length);
    return true;
  }

  /** Writes the files into a directory; two names of one file are that again. */
  void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.write(directory.resolve(StoreRecorder.SIDE_FILE), sideFile);
    Map<String, Path> written = new HashMap<>();
    for (Map.Entry<String, String> name : names.entrySet()) {
      Path path = directory.resolve(name.getKey());
      Path other = written.putIfAbsent(name.getValue(), path);
      if (other != null) {
        Files.createLink(path, other);
      } else {
        Files.write(path, contents.get(name.getValue()));
      }
    }
  }
}
