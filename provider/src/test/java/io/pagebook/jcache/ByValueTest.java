package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.processor.EntryProcessor;
import org.junit.jupiter.api.Test;

/** Nothing that goes in or comes out lets anybody change what is in the cache. */
class ByValueTest extends CacheTestBase {
  private static final List<Integer> ONE = List.of(1);

  @Test
  void whatWasPutCanBeChangedWithoutEffect() {
    Cache<Object, Object> cache = cache();
    ArrayList<Integer> key = new ArrayList<>(ONE);
    ArrayList<Integer> value = new ArrayList<>(ONE);
    cache.put(key, value);
    value.add(2);
    assertThat(cache.get(key)).isEqualTo(ONE);

    cache.putAll(Map.of(key, value));
    value.add(3);
    assertThat(cache.get(key)).isEqualTo(List.of(1, 2));

    key.add(2);
    assertThat(cache.get(key)).isNull();
    assertThat(cache.get(ONE)).isNull(); // another class than the key that was put
    assertThat(cache.get(new ArrayList<>(ONE))).isEqualTo(List.of(1, 2));
  }

  /** A processor or a caller may change what it got; a listener may change what it is told. */
  @Test
  void whatAListenerIsToldOfTheOldValueIsNobodyElses() {
    List<String> told = new CopyOnWriteArrayList<>();
    CacheEntryUpdatedListener<Object, Object> updated =
        events ->
            events.forEach(
                event -> {
                  told.add(event.getOldValue() + ">" + event.getValue());
                  ((List<?>) event.getOldValue()).clear();
                });
    CacheEntryRemovedListener<Object, Object> removed =
        events ->
            events.forEach(
                event -> {
                  told.add("-" + event.getOldValue());
                  ((List<?>) event.getOldValue()).clear();
                });
    Cache<Object, Object> cache =
        cache(
            new MutableConfiguration<Object, Object>()
                .addCacheEntryListenerConfiguration(
                    new MutableCacheEntryListenerConfiguration<>(
                        Recorder.factory(updated), null, true, true))
                .addCacheEntryListenerConfiguration(
                    new MutableCacheEntryListenerConfiguration<>(
                        Recorder.factory(removed), null, true, true)));
    cache.put("k", new ArrayList<>(ONE));

    cache.<Object>invoke(
        "k",
        (entry, arguments) -> {
          List<Integer> value = integers(entry.getValue());
          value.add(2);
          entry.setValue(value);
          return "";
        });
    assertThat(cache.getAndPut("k", new ArrayList<>(ONE))).isEqualTo(List.of(1, 2));
    cache.<Object>invoke(
        "k",
        (entry, arguments) -> {
          integers(entry.getValue()).clear();
          entry.remove();
          return "";
        });
    cache.put("k", new ArrayList<>(ONE));
    assertThat(cache.getAndRemove("k")).isEqualTo(ONE);

    assertThat(told).containsExactly("[1]>[1, 2]", "[1, 2]>[1]", "-[1]", "-[1]");
  }

  @SuppressWarnings("unchecked") // what was put
  private static List<Integer> integers(Object value) {
    return (List<Integer>) value;
  }

  @Test
  void whatComesOutCanBeChangedWithoutEffect() {
    Cache<Object, Object> cache = cache();
    cache.put("k", new ArrayList<>(ONE));

    change(cache.get("k"));
    change(cache.getAll(Set.of("k")).get("k"));
    change(cache.iterator().next().getValue());
    change(cache.getAndPut("k", new ArrayList<>(ONE)));
    change(cache.getAndReplace("k", new ArrayList<>(ONE)));
    cache.invoke(
        "k", (EntryProcessor<Object, Object, Object>) (entry, a) -> change(entry.getValue()));

    assertThat(cache.get("k")).isEqualTo(ONE);
  }

  @Test
  void whatAProcessorSetsIsTheValueAtItsEnd() {
    Cache<Object, Object> cache = cache();
    ArrayList<Integer> value = new ArrayList<>(ONE);
    cache.invoke(
        "k",
        (EntryProcessor<Object, Object, Object>)
            (entry, arguments) -> {
              entry.setValue(value);
              return null;
            });
    value.add(2);

    assertThat(cache.get("k")).isEqualTo(ONE);
  }

  @Test
  void aListenerHasItsOwnCopies() {
    CompletableFuture<Object> key = new CompletableFuture<>();
    CompletableFuture<Object> value = new CompletableFuture<>();
    CacheEntryCreatedListener<Object, Object> listener =
        events ->
            events.forEach(
                event -> {
                  key.complete(event.getKey());
                  value.complete(event.getValue());
                });
    Cache<Object, Object> cache =
        cache(
            new MutableConfiguration<>()
                .addCacheEntryListenerConfiguration(
                    new MutableCacheEntryListenerConfiguration<>(
                        Recorder.factory(listener), null, true, false)));
    ArrayList<Integer> myKey = new ArrayList<>(ONE);
    ArrayList<Integer> myValue = new ArrayList<>(ONE);

    cache.put(myKey, myValue);
    myKey.add(2);
    myValue.add(2);

    assertThat(key).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo(ONE);
    assertThat(value).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo(ONE);
  }

  @Test
  void bytesAreCopiedToo() {
    Cache<Object, Object> cache = cache();
    byte[] value = new byte[100_000];
    cache.put("k", value);
    value[0] = 1;
    byte[] first = (byte[]) cache.get("k");
    first[1] = 1;

    assertThat((byte[]) cache.get("k")).containsOnly(0);
  }

  @Test
  void valuesAreComparedByEqualsAndArraysByTheirElements() {
    Cache<Object, Object> cache = cache();
    cache.put("array", new byte[] {1, 2});
    cache.put("list", new ArrayList<>(List.of("a")));

    assertThat(cache.replace("array", new byte[] {1}, "new")).isFalse();
    assertThat(cache.replace("array", new byte[] {1, 2}, "new")).isTrue();
    assertThat(cache.remove("list", List.of("a"))).isTrue();
  }

  @Test
  void whatCannotBeSerialisedIsRefusedAndNothingChanges() {
    Cache<Object, Object> cache = cache();
    cache.put("k", "old");

    assertThatThrownBy(() -> cache.put("k", new Object())).isInstanceOf(CacheException.class);
    assertThatThrownBy(() -> cache.put(new Object(), "v")).isInstanceOf(CacheException.class);
    assertThatThrownBy(
            () ->
                cache.invoke(
                    "k",
                    (EntryProcessor<Object, Object, Object>)
                        (entry, arguments) -> {
                          entry.setValue(new Object());
                          return null;
                        }))
        .isInstanceOf(CacheException.class);

    assertThat(cache.get("k")).isEqualTo("old");
    Iterator<Cache.Entry<Object, Object>> iterator = cache.iterator();
    iterator.next();
    assertThat(iterator.hasNext()).isFalse();
  }

  @SuppressWarnings("unchecked")
  private static Object change(Object list) {
    ((List<Integer>) list).add(9);
    return "changed";
  }
}
