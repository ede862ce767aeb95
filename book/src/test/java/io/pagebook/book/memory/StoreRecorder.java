package io.pagebook.book.memory;

import io.pagebook.book.memory.StoreEvent.Kind;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes down what this thread does to the files of a directory: its stores by {@link StoreLog},
 * and, by a look at the directory before each of them, what became of names. In a process that was
 * started with {@link #OPTION}. Of names that change between two stores, new ones come first, then
 * renamed files, then names that go: the order in which the engine does it.
 */
public final class StoreRecorder implements StoreLog.Listener {
  /** What a process whose stores are recorded is started with. */
  public static final String OPTION = "-D" + StoreLog.PROPERTY + "=true";

  /** The side file is no book's. */
  public static final String SIDE_FILE = ".pagebook.locks";

  private static final String ENGINE = "io.pagebook.book.";
  private static final int FRAMES = 4;
  private static final StackWalker STACK = StackWalker.getInstance();

  private final Path directory;
  private final int haltAt;
  private final Thread thread = Thread.currentThread();
  private final List<StoreEvent> events = new ArrayList<>();
  private final IdentityHashMap<PageMemory, String> files = new IdentityHashMap<>();
  private Map<String, String> names;
  private String lastSite = "";

  private StoreRecorder(Path directory, int haltAt) throws IOException {
    this.directory = directory;
    this.haltAt = haltAt;
    this.names = list();
  }

  /**
   * Begins to record.
   *
   * @param haltAt the number of events after which the process halts; 0 for never
   */
  public static StoreRecorder start(Path directory, int haltAt) throws IOException {
    if (StoreLog.ifAskedFor() == null) {
      throw new IllegalStateException("started without " + OPTION);
    }
    StoreRecorder recorder = new StoreRecorder(directory, haltAt);
    StoreLog.listener = recorder;
    return recorder;
  }

  /** Writes the files as they are, for the beginning of what {@link #stop} writes. */
  public void writeFiles(DataOutput out) throws IOException {
    out.writeInt(names.size());
    for (Map.Entry<String, String> name : names.entrySet()) {
      byte[] bytes = Files.readAllBytes(directory.resolve(name.getKey()));
      out.writeUTF(name.getKey());
      out.writeUTF(name.getValue());
      out.writeInt(bytes.length);
      out.write(bytes);
    }
  }

  /** Ends recording and writes what was recorded. */
  public void stop(DataOutput out) throws IOException {
    StoreLog.listener = (memory, access, position, length) -> {};
    lookAtDirectory();
    out.writeInt(events.size());
    for (StoreEvent event : events) {
      event.write(out);
    }
  }

  @Override
  public void stored(PageMemory memory, StoreLog.Access access, long position, long length) {
    if (Thread.currentThread() != thread) {
      return;
    }
    try {
      String site = site();
      if (access != StoreLog.Access.PLAIN || !site.equals(lastSite)) { // not for each of a row
        lookAtDirectory();
      }
      lastSite = site;
      byte[] bytes = new byte[(int) length];
      if (length != 0) {
        memory.copyOut(position, bytes, 0, bytes.length);
      }
      String file = memory == null ? "" : files.computeIfAbsent(memory, StoreRecorder::keyOf);
      events.add(new StoreEvent(Kind.valueOf(access.name()), file, position, bytes, site));
      if (haltAt != 0 && events.size() >= haltAt) {
        Runtime.getRuntime().halt(0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String keyOf(PageMemory memory) {
    try {
      return PageFile.key(memory.path()).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String site() {
    return STACK.walk(
        frames ->
            frames
                .filter(frame -> frame.getClassName().startsWith(ENGINE))
                .filter(frame -> !frame.getClassName().startsWith(ENGINE + "memory."))
                .limit(FRAMES)
                .map(
                    frame ->
                        frame.getClassName().substring(frame.getClassName().lastIndexOf('.') + 1)
                            + '.'
                            + frame.getMethodName()
                            + ':'
                            + frame.getLineNumber())
                .collect(Collectors.joining(" < ")));
  }

  private Map<String, String> list() throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path path : stream) {
        String name = path.getFileName().toString();
        if (!name.startsWith(SIDE_FILE)) {
          found.put(name, PageFile.key(path).toString());
        }
      }
    }
    return found;
  }

  private void lookAtDirectory() throws IOException {
    Map<String, String> now = list();
    if (now.equals(names)) {
      return;
    }
    Map<String, String> gone = new TreeMap<>(names);
    gone.keySet().removeAll(now.keySet());
    for (Map.Entry<String, String> name : now.entrySet()) {
      if (!names.containsKey(name.getKey())) {
        events.add(StoreEvent.of(Kind.NAME, name.getValue(), name.getKey()));
      }
    }
    for (Map.Entry<String, String> name : now.entrySet()) {
      String before = names.get(name.getKey());
      if (before != null && !before.equals(name.getValue())) {
        String from =
            gone.entrySet().stream()
                .filter(other -> other.getValue().equals(name.getValue()))
                .findFirst()
                .orElseThrow()
                .getKey();
        gone.remove(from);
        events.add(StoreEvent.of(Kind.MOVE, from, name.getKey()));
      }
    }
    for (Map.Entry<String, String> name : gone.entrySet()) {
      events.add(StoreEvent.of(Kind.UNNAME, name.getValue(), name.getKey()));
    }
    names = now;
  }
}
