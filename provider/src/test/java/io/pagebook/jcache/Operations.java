package io.pagebook.jcache;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.cache.Cache;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.MutableEntry;
import org.jspecify.annotations.Nullable;

/** Every operation of a cache on the one key of a {@link Scenario}, by a short name. */
final class Operations {
  static final Map<String, Function<Cache<String, String>, @Nullable Object>> ALL = all();

  private static final String KEY = Scenario.KEY;

  private Operations() {}

  private static Map<String, Function<Cache<String, String>, @Nullable Object>> all() {
    Map<String, Function<Cache<String, String>, @Nullable Object>> all = new LinkedHashMap<>();
    all.put("containsKey", cache -> cache.containsKey(KEY));
    all.put("get", cache -> cache.get(KEY));
    all.put("getAll", cache -> cache.getAll(Set.of(KEY)));
    all.put("put", action(cache -> cache.put(KEY, "new")));
    all.put("putAll", action(cache -> cache.putAll(Map.of(KEY, "new"))));
    all.put("getAndPut", cache -> cache.getAndPut(KEY, "new"));
    all.put("putIfAbsent", cache -> cache.putIfAbsent(KEY, "new"));
    all.put("replace", cache -> cache.replace(KEY, "new"));
    all.put("getAndReplace", cache -> cache.getAndReplace(KEY, "new"));
    all.put("replace match", cache -> cache.replace(KEY, "old", "new"));
    all.put("replace mismatch", cache -> cache.replace(KEY, "other", "new"));
    all.put("remove", cache -> cache.remove(KEY));
    all.put("remove match", cache -> cache.remove(KEY, "old"));
    all.put("remove mismatch", cache -> cache.remove(KEY, "other"));
    all.put("getAndRemove", cache -> cache.getAndRemove(KEY));
    all.put("removeAll keys", action(cache -> cache.removeAll(Set.of(KEY))));
    all.put("removeAll", action(Cache::removeAll));
    all.put("clear", action(Cache::clear));
    all.put("iterator hasNext", cache -> cache.iterator().hasNext());
    all.put("iterator next", cache -> cache.iterator().next());
    all.put("iterator remove", Operations::iteratorRemove);
    all.put("loadAll keep", cache -> loadAll(cache, false));
    all.put("loadAll replace", cache -> loadAll(cache, true));
    all.put("invoke nothing", invoke(entry -> "done"));
    all.put("invoke exists", invoke(MutableEntry::exists));
    all.put("invoke get", invoke(MutableEntry::getValue));
    all.put("invoke get get", invoke(entry -> entry.getValue() + entry.getValue()));
    all.put("invoke set", invoke(entry -> set(entry)));
    all.put("invoke set get", invoke(entry -> set(entry) + entry.getValue()));
    all.put("invoke get set", invoke(entry -> entry.getValue() + set(entry)));
    all.put("invoke set set", invoke(entry -> set(entry) + set(entry)));
    all.put("invoke remove", invoke(entry -> remove(entry)));
    all.put("invoke get remove", invoke(entry -> entry.getValue() + remove(entry)));
    all.put("invoke set remove", invoke(entry -> set(entry) + remove(entry)));
    all.put("invoke remove set", invoke(entry -> remove(entry) + set(entry)));
    all.put("invoke remove get", invoke(entry -> remove(entry) + entry.getValue()));
    all.put("invoke throw", invoke(entry -> fail(entry)));
    all.put("invokeAll set", Operations::invokeAll);
    return all;
  }

  private static Function<Cache<String, String>, @Nullable Object> action(
      Consumer<Cache<String, String>> action) {
    return cache -> {
      action.accept(cache);
      return "-";
    };
  }

  private static Function<Cache<String, String>, @Nullable Object> invoke(
      Function<MutableEntry<String, String>, @Nullable Object> process) {
    EntryProcessor<String, String, Object> processor = (entry, arguments) -> process.apply(entry);
    return cache -> cache.invoke(KEY, processor);
  }

  private static Object iteratorRemove(Cache<String, String> cache) {
    Iterator<Cache.Entry<String, String>> iterator = cache.iterator();
    iterator.next();
    iterator.remove();
    return "-";
  }

  private static Object loadAll(Cache<String, String> cache, boolean replace) {
    CompletionListenerFuture future = new CompletionListenerFuture();
    cache.loadAll(Set.of(KEY), replace, future);
    try {
      future.get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      return e;
    }
    return "-";
  }

  private static Object invokeAll(Cache<String, String> cache) {
    EntryProcessor<String, String, Object> processor = (entry, arguments) -> set(entry);
    return cache.invokeAll(Set.of(KEY), processor).get(KEY).get();
  }

  private static String set(MutableEntry<String, String> entry) {
    entry.setValue("new");
    return "+";
  }

  private static String remove(MutableEntry<String, String> entry) {
    entry.remove();
    return entry.exists() ? "?" : "-";
  }

  private static Object fail(MutableEntry<String, String> entry) {
    entry.setValue("new");
    throw new IllegalStateException("on purpose");
  }
}
