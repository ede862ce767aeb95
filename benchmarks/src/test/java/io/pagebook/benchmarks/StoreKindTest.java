package io.pagebook.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StoreKindTest {
  private static final Shape<String> SHAPE = Shape.usual(300);

  /** Those that need neither flags nor a program. */
  static Stream<StoreKind> kinds() {
    return Arrays.stream(StoreKind.values())
        .filter(kind -> kind.jvmFlags().isEmpty() && kind != StoreKind.REDIS);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void doesWhatIsMeasured(StoreKind kind, @TempDir Path directory) {
    try (Store<String> store = kind.open(directory, SHAPE)) {
      Workload.load(store, SHAPE);
      Workload.verify(store, SHAPE);

      assertThat(store.get(Workload.missingKey(7))).isNull();

      store.put(Workload.key(7), SHAPE.initialValue(8));
      store.update(Workload.key(7), SHAPE.form()::turned);
      assertThat(store.get(Workload.key(7))).isEqualTo(SHAPE.form().turned(SHAPE.initialValue(8)));

      AtomicInteger visited = new AtomicInteger();
      store.forEach(value -> visited.incrementAndGet());
      assertThat(visited).hasValue(SHAPE.entries());
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void twoInOneJvmShareNothing(StoreKind kind, @TempDir Path one, @TempDir Path other) {
    try (Store<String> first = kind.open(one, SHAPE);
        Store<String> second = kind.open(other, SHAPE)) {
      first.put(Workload.key(1), SHAPE.initialValue(1));

      assertThat(second.get(Workload.key(1))).isNull();
    }
  }
}
