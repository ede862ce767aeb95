package io.pagebook.jcache.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.processor.MutableEntry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProcessorEntryTest {
  private final AtomicInteger loads = new AtomicInteger();

  @Test
  void whatIsLoadedIsLoadedOnceAndExistsFromThenOn() {
    ProcessorEntry<String, String> entry = entry(null, "loaded");

    assertThat(entry.exists()).isFalse();
    assertThat(entry.getValue()).isEqualTo("loaded");
    assertThat(entry.getValue()).isEqualTo("loaded");
    assertThat(entry.exists()).isTrue();
    assertThat(loads).hasValue(1);
    assertThat(entry.accessed()).isFalse();
  }

  @Test
  void aLoaderWithoutAValueIsAskedOnce() {
    ProcessorEntry<String, String> entry = entry(null, null);

    assertThat(entry.getValue()).isNull();
    assertThat(entry.getValue()).isNull();
    assertThat(entry.exists()).isFalse();
    assertThat(loads).hasValue(1);
  }

  @Test
  void whatWasRemovedIsNotLoadedAgain() {
    ProcessorEntry<String, String> entry = entry("stored", "loaded");
    entry.remove();

    assertThat(entry.getValue()).isNull();
    assertThat(entry.exists()).isFalse();
    assertThat(loads).hasValue(0);
  }

  @Test
  void aValueSetAndRemovedAgainIsNoChangeWhereThereWasNoEntry() {
    ProcessorEntry<String, String> entry = entry(null, null);
    entry.setValue("new");
    entry.remove();

    assertThat(entry.change()).isEqualTo(ProcessorEntry.Change.NONE);
  }

  @Test
  void anUnreadableValueIsAnAbsentEntry() {
    ProcessorEntry<String, String> entry =
        new ProcessorEntry<>("key", String.class, true, () -> null, null);

    assertThat(entry.getValue()).isNull();
    assertThat(entry.exists()).isFalse();
    assertThat(entry.accessed()).isFalse();
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void valuesAreChecked() {
    MutableEntry entry = entry("stored", null);

    assertThatThrownBy(() -> entry.setValue(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> entry.setValue(5)).isInstanceOf(ClassCastException.class);
  }

  @Test
  void unwrapsToItselfOnly() {
    ProcessorEntry<String, String> entry = entry("stored", null);

    assertThat(entry.unwrap(MutableEntry.class)).isSameAs(entry);
    assertThatThrownBy(() -> entry.unwrap(String.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private ProcessorEntry<String, String> entry(@Nullable String stored, @Nullable String loaded) {
    return new ProcessorEntry<>(
        "key",
        String.class,
        stored != null,
        () -> stored,
        () -> {
          loads.incrementAndGet();
          return loaded;
        });
  }
}
