package io.pagebook.examples.twojvms;

import java.nio.file.Path;
import javax.cache.Cache;
import javax.cache.CacheManager;

/** The JVM that starts after the kill: it attaches, counts and checks what is there. */
final class Latecomer {
  private Latecomer() {}

  public static void main(String[] args) {
    long start = System.nanoTime();
    try (CacheManager manager = SharedCache.manager(Path.of(args[0]))) {
      Cache<String, String> cache = SharedCache.open(manager);
      Commands.say("attached: ms=%d", (System.nanoTime() - start) / 1_000_000);
      int entries = 0;
      int torn = 0;
      for (Cache.Entry<String, String> entry : cache) {
        entries++;
        boolean sealed = entry.getKey().startsWith("item-") || entry.getKey().startsWith("own-");
        torn += sealed && Sealed.number(entry.getValue()) < 0 ? 1 : 0;
      }
      Commands.say("counted: entries=%d, torn=%d", entries, torn);
      String large = cache.get("large");
      Commands.say("got large: checksum=%s", large == null ? "none" : Sealed.checksum(large));
    }
  }
}
