package io.pagebook.stress.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Decides whether the operations on one key could have happened one after the other, each at some
 * moment between its begin and its end, starting from an absent key. Exact: it accepts if and only
 * if there is such an order.
 */
/*
 * Just-in-time linearization (Lowe), the search of Wing and Gong with memory: the history is read in the order of time, and a set of
 * configurations is kept, each a value of the key together with those open operations that have taken place
 * already. When an operation ends, it must have taken place: each configuration in which it has not is replaced by all that come of
 * letting open operations take place until it has. No configuration left: no order explains the history.
 *
 * An operation that was cut off stays open for ever, and need not take place. So a configuration is worth nothing beside another
 * with the same value and the same finished operations in which fewer of those have taken place; without that, each
 * kill would double the number of configurations. For the same reason such an operation takes place only where it changes the value.
 *
 * J. M. Wing, C. Gong: Testing and Verifying Concurrent Objects, JPDC 17 (1993).
 * G. Lowe: Testing for Linearizability, Concurrency and Computation: Practice and Experience 29 (2017).
 */
final class Linearizability {
  private static final int MOST_OPEN = Long.SIZE;
  private static final int SHOWN = 12;

  private final List<Operation> history;
  private final Operation[] open = new Operation[MOST_OPEN];
  private long pending;
  private Collection<Configuration> configurations = List.of(new Configuration(Kind.ABSENT, 0));

  /** A value of the key, and a bit for each open operation that has taken place. */
  private record Configuration(long value, long done) {}

  /** A begin or an end. */
  private record Event(long time, boolean isEnd, Operation operation) {}

  private Linearizability(List<Operation> history) {
    this.history = history;
  }

  /**
   * Checks the operations on one key, in any order.
   *
   * @return what cannot be explained, or empty
   */
  static Optional<String> violation(List<Operation> history) {
    return new Linearizability(history).run();
  }

  private Optional<String> run() {
    IdentityHashMap<Operation, Integer> places = new IdentityHashMap<>();
    for (Event event : events()) {
      Operation operation = event.operation;
      if (!event.isEnd) {
        int place = free();
        open[place] = operation;
        places.put(operation, place);
        if (operation.isPending()) {
          pending |= 1L << place;
        }
      } else {
        int place = Objects.requireNonNull(places.remove(operation));
        configurations = afterEnd(place);
        if (configurations.isEmpty()) {
          return Optional.of(describe(operation));
        }
        open[place] = null;
      }
    }
    return Optional.empty();
  }

  /** In the order of time; at the same moment begins come first, for the clock may be coarse. */
  private List<Event> events() {
    List<Event> events = new ArrayList<>();
    for (Operation operation : history) {
      if (operation.isPending() && !operation.kind().writes()) {
        continue; // it says nothing and changes nothing
      }
      events.add(new Event(operation.begin(), false, operation));
      if (!operation.isPending()) {
        events.add(new Event(operation.end(), true, operation));
      }
    }
    events.sort(Comparator.comparingLong(Event::time).thenComparing(Event::isEnd));
    return events;
  }

  private int free() {
    for (int place = 0; place < MOST_OPEN; place++) {
      if (open[place] == null) {
        return place;
      }
    }
    throw new IllegalStateException("too many operations at once: most=" + MOST_OPEN);
  }

  private Collection<Configuration> afterEnd(int place) {
    long ended = 1L << place;
    Frontier after = new Frontier();
    Frontier seen = new Frontier();
    ArrayDeque<Configuration> queue = new ArrayDeque<>();
    for (Configuration configuration : configurations) {
      if ((configuration.done & ended) != 0) {
        after.add(new Configuration(configuration.value, configuration.done & ~ended));
      } else if (seen.add(configuration)) {
        queue.add(configuration);
      }
    }
    while (!queue.isEmpty()) {
      Configuration from = queue.remove();
      for (int other = 0; other < MOST_OPEN; other++) {
        Configuration to = step(from, other);
        if (to == null) {
          continue;
        }
        if (other == place) {
          after.add(new Configuration(to.value, to.done & ~ended));
        } else if (seen.add(to)) {
          queue.add(to);
        }
      }
    }
    return after.all();
  }

  /** What comes of it if an open operation takes place now; null if it cannot. */
  private Configuration step(Configuration from, int place) {
    Operation operation = open[place];
    long bit = 1L << place;
    if (operation == null || (from.done & bit) != 0 || !operation.allows(from.value)) {
      return null;
    }
    long value = operation.after(from.value);
    return operation.isPending() && value == from.value
        ? null
        : new Configuration(value, from.done | bit);
  }

  /** Configurations of which none is worth nothing beside another. */
  private final class Frontier {
    private final Map<Configuration, List<Configuration>> groups = new HashMap<>();

    /** False if it is worth nothing. */
    boolean add(Configuration configuration) {
      Configuration group = new Configuration(configuration.value, configuration.done & ~pending);
      List<Configuration> members = groups.computeIfAbsent(group, key -> new ArrayList<>(1));
      for (Configuration member : members) {
        if ((member.done & ~configuration.done) == 0) {
          return false;
        }
      }
      members.removeIf(member -> (configuration.done & ~member.done) == 0);
      members.add(configuration);
      return true;
    }

    Collection<Configuration> all() {
      List<Configuration> all = new ArrayList<>();
      groups.values().forEach(all::addAll);
      return all;
    }
  }

  /** The operation that cannot be explained, and what was going on around it. */
  private String describe(Operation culprit) {
    StringBuilder text =
        new StringBuilder("no legal order explains the result of ")
            .append(culprit)
            .append("; around it:");
    history.stream()
        .filter(other -> other.kind().writes() || other.end() >= culprit.begin())
        .filter(other -> other.begin() <= culprit.end())
        .sorted(Comparator.comparingLong(Operation::end).reversed())
        .limit(SHOWN)
        .forEach(other -> text.append("\n  ").append(other));
    return text.toString();
  }
}
