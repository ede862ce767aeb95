package io.pagebook.examples.twojvms;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import javax.cache.Cache;
import javax.cache.CacheManager;
import org.jspecify.annotations.Nullable;

/** The JVM that reads what the other puts, and that lives on when the other is killed. */
final class Reader {
  /** How many entries the survivor adds. */
  static final int OWN_ENTRIES = 1_000;

  private final Commands commands = new Commands();
  private final Cache<String, String> cache;
  private long longestNanos;

  private Reader(Cache<String, String> cache) {
    this.cache = cache;
  }

  public static void main(String[] args) throws IOException {
    try (CacheManager manager = SharedCache.manager(Path.of(args[0]))) {
      new Reader(SharedCache.open(manager)).run();
    }
  }

  private void run() throws IOException {
    Commands.say("ready");
    for (String command = commands.next(); command != null; command = commands.next()) {
      String[] words = command.split(" ", -1);
      switch (words[0]) {
        case "greet" -> greet();
        case "get-large" -> getLarge();
        case "read-and-write" -> readAndWriteUntilNextCommand();
        case "go-on" -> goOn(Integer.parseInt(words[1]));
        default -> throw new IllegalArgumentException("unknown command: " + command);
      }
    }
  }

  private void greet() {
    Commands.say("got greeting: %s", cache.get("greeting"));
    cache.put("reply", "hello back from process " + ProcessHandle.current().pid());
    Commands.say("put reply");
  }

  private void getLarge() {
    long start = System.nanoTime();
    String large = cache.get("large");
    long millis = (System.nanoTime() - start) / 1_000_000;
    Commands.say(
        "got large: characters=%d, checksum=%s, ms=%d",
        large == null ? 0 : large.length(),
        large == null ? "none" : Sealed.checksum(large),
        millis);
  }

  /**
   * Reads what the writer puts at the same time, and puts entries of its own; goes on through its
   * death.
   */
  private void readAndWriteUntilNextCommand() throws IOException {
    int reads = 0;
    int torn = 0;
    int puts = 0;
    while (!commands.ready()) {
      String value = timedGet("item-" + ThreadLocalRandom.current().nextInt(Writer.KEYS));
      if (value != null) {
        reads++;
        torn += Sealed.number(value) < 0 ? 1 : 0;
      }
      timedPut("own-" + puts % OWN_ENTRIES, Sealed.of(puts));
      puts++;
    }
    Commands.say("meanwhile: reads=%d, torn=%d, puts=%d", reads, torn, puts);
  }

  /**
   * Checks all that the writer left, knowing that its put number {@code finished} had returned;
   * then writes.
   */
  private void goOn(int finished) {
    int found = 0;
    int torn = 0;
    int lost = 0;
    for (int key = 0; key < Writer.KEYS; key++) {
      String value = timedGet("item-" + key);
      // the last number up to `finished` that was put under this key, or below 1 if there is none
      int expected = finished - Math.floorMod(finished - key, Writer.KEYS);
      int number = value == null ? 0 : Sealed.number(value);
      found += value == null ? 0 : 1;
      torn += number < 0 ? 1 : 0;
      lost += number >= 0 && number < expected ? 1 : 0;
    }
    Commands.say("found of the writer: entries=%d, torn=%d, lost=%d", found, torn, lost);
    int kept = 0;
    for (int number = 0; number < OWN_ENTRIES; number++) {
      String value = Sealed.of(number);
      timedPut("own-" + number, value);
      kept += value.equals(timedGet("own-" + number)) ? 1 : 0;
    }
    Commands.say("wrote and read back: entries=%d", kept);
    Commands.say("longest operation: ms=%d", longestNanos / 1_000_000);
  }

  private @Nullable String timedGet(String key) {
    long start = System.nanoTime();
    String value = cache.get(key);
    longestNanos = Math.max(longestNanos, System.nanoTime() - start);
    return value;
  }

  private void timedPut(String key, String value) {
    long start = System.nanoTime();
    cache.put(key, value);
    longestNanos = Math.max(longestNanos, System.nanoTime() - start);
  }
}
