package io.pagebook.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import net.openhft.chronicle.map.ChronicleMap;
import org.jspecify.annotations.Nullable;

/**
 * Chronicle Map, persisted, with its defaults, and told the number and the exact size of its
 * entries.
 */
final class ChronicleMapStore implements Store {
  /**
   * What its manual asks for on Java 17, and one property that stops it from reporting its use over
   * the network.
   */
  static final List<String> JVM_FLAGS =
      List.of(
          "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
          "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
          "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "-Dchronicle.analytics.disable=true");

  private final ChronicleMap<Long, String> map;

  ChronicleMapStore(Path directory, int entries) {
    try {
      map =
          ChronicleMap.of(Long.class, String.class)
              .name("benchmark")
              .entries(entries)
              .averageValue(Workload.initialValue(0))
              .createPersistedTo(directory.resolve("chronicle.map").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public @Nullable String get(long key) {
    return map.get(key);
  }

  @Override
  public void put(long key, String value) {
    map.put(key, value);
  }

  @Override
  public void close() {
    map.close();
  }
}
