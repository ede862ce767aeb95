package io.pagebook.examples.twojvms;

import java.io.IOException;
import java.nio.file.Path;
import javax.cache.Cache;
import javax.cache.CacheManager;

/** The JVM that puts, and that is killed while it does. */
final class Writer {
  /** The writer's keys go round: most of its puts replace a value. */
  static final int KEYS = 2_000;

  /** How many characters a value of 10 MB has. */
  static final int TEN_MILLION = 10_000_000;

  private static final int REPORT_EVERY = 2_000;

  private Writer() {}

  public static void main(String[] args) throws IOException {
    Commands commands = new Commands();
    try (CacheManager manager = SharedCache.manager(Path.of(args[0]))) {
      Cache<String, String> cache = SharedCache.open(manager);
      Commands.say("ready");
      for (String command = commands.next(); command != null; command = commands.next()) {
        switch (command) {
          case "greet" -> greet(cache);
          case "get-reply" -> Commands.say("got reply: %s", cache.get("reply"));
          case "put-large" -> putLarge(cache);
          case "put-for-ever" -> putForEver(cache);
          default -> throw new IllegalArgumentException("unknown command: " + command);
        }
      }
    }
  }

  private static void greet(Cache<String, String> cache) {
    cache.put("greeting", "hello from process " + ProcessHandle.current().pid());
    Commands.say("put greeting");
  }

  private static void putLarge(Cache<String, String> cache) {
    String filling = "0123456789".repeat(TEN_MILLION / 10);
    long start = System.nanoTime();
    cache.put("large", filling);
    Commands.say(
        "put large: characters=%d, checksum=%s, ms=%d",
        filling.length(), Sealed.checksum(filling), (System.nanoTime() - start) / 1_000_000);
  }

  private static void putForEver(Cache<String, String> cache) {
    boolean heard = true;
    for (int number = 1; heard; number++) {
      cache.put("item-" + number % KEYS, Sealed.of(number));
      if (number % REPORT_EVERY == 0) {
        heard = Commands.say("finished put %d", number);
      }
    }
  }
}
