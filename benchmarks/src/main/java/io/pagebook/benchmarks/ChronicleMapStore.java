package io.pagebook.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ExternalMapQueryContext;
import net.openhft.chronicle.map.MapEntry;

/**
 * Chronicle Map, persisted, with its defaults, told the number and the exact size of its entries,
 * and that nobody wants the old value of a put. An update holds the update lock of the key's
 * segment.
 */
final class ChronicleMapStore<V> extends MapStore<V> {
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

  private final ChronicleMap<Long, V> map;

  private ChronicleMapStore(ChronicleMap<Long, V> map) {
    super(map, map::close);
    this.map = map;
  }

  static <V> Store<V> open(Path directory, Shape<V> shape) {
    try {
      return new ChronicleMapStore<>(
          ChronicleMap.of(Long.class, shape.form().type())
              .name("benchmark")
              .entries(shape.entries())
              .averageValue(shape.initialValue(0))
              .putReturnsNull(true)
              .createPersistedTo(directory.resolve("chronicle.map").toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void update(long key, UnaryOperator<V> change) {
    try (ExternalMapQueryContext<Long, V, ?> context = map.queryContext(key)) {
      context.updateLock().lock();
      MapEntry<Long, V> entry = context.entry();
      if (entry != null) {
        V value = change.apply(entry.value().get());
        context.replaceValue(entry, context.wrapValueAsData(value));
      }
    }
  }
}
