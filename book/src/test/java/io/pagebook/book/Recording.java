package io.pagebook.book;

import io.pagebook.book.memory.StoreEvent;
import io.pagebook.book.memory.StoreEvent.Kind;
import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What one operation did, event by event, and the images of each moment at which it may have died.
 */
final class Recording {
  /** So many stores may be under way at once, in a sampled reordering. */
  private static final int WINDOW = 24;

  private final Replica base;
  private final List<StoreEvent> events = new ArrayList<>();

  private Recording(Replica base) {
    this.base = base;
  }

  /** Reads what a {@link ReplayWorker} wrote about the directory of a prepared book. */
  static Recording read(Replica prepared, DataInput in) throws IOException {
    Recording recording = new Recording(prepared.read(in));
    for (int left = in.readInt(); left > 0; left--) {
      recording.events.add(StoreEvent.read(in));
    }
    return recording;
  }

  int size() {
    return events.size();
  }

  StoreEvent event(int index) {
    return events.get(index);
  }

  /** The image after the first {@code count} events. */
  Replica after(int count) {
    Replica image = base.copy();
    events.subList(0, count).forEach(image::apply);
    return image;
  }

  /** Who stored, how often. */
  Map<String, Integer> sites() {
    Map<String, Integer> sites = new LinkedHashMap<>();
    for (StoreEvent event : events) {
      if (event.kind() != Kind.FENCE) {
        sites.merge(siteOf(event), 1, Integer::sum);
      }
    }
    return sites;
  }

  private static String siteOf(StoreEvent event) {
    return event.isName() ? event.kind().toString() : event.text();
  }

  /**
   * A moment to die at.
   *
   * @param count events that were done
   * @param bytes of the event after those, so many were stored
   * @param isNew whether the image differs from that of the point before
   */
  record Point(int count, int bytes, boolean isNew) {}

  /**
   * All moments to die at: before all, after each store, change of length and change of a name, and
   * in the middle of each store that is longer than a word.
   */
  List<Point> points(SplittableRandom random) {
    Replica image = base.copy();
    List<Point> all = new ArrayList<>(List.of(new Point(0, 0, true)));
    for (int i = 0; i < events.size(); i++) {
      StoreEvent event = events.get(i);
      if (event.isStore() && event.bytes().length > Long.BYTES) {
        int bytes = random.nextInt(1, event.bytes().length);
        all.add(new Point(i, bytes, image.store(event, bytes)));
      }
      if (event.kind() != Kind.FENCE) {
        all.add(new Point(i + 1, 0, image.apply(event)));
      }
    }
    return all;
  }

  /** The images of points, which are asked for in their order. */
  final class Images {
    private final Replica image = base.copy();
    private int done;

    /** Not to be kept: it becomes the next one. */
    Replica at(Point point) {
      while (done < point.count()) {
        image.apply(events.get(done++));
      }
      if (point.bytes() != 0) {
        image.store(events.get(done), point.bytes());
      }
      return image;
    }
  }

  /**
   * Events that may be the first {@code count} ones that were done, in an order that the memory
   * model allows: a plain store goes before a release store that precedes it and before other plain
   * stores, but not before a volatile one, a fence, a system call, or a store to the same place; a
   * release store goes before nothing. Null if they are those that were called first.
   */
  List<StoreEvent> reordered(int count, SplittableRandom random) {
    int done = count;
    while (done > 0 && count - done < WINDOW && !isBarrier(events.get(done - 1))) {
      done--;
    }
    List<StoreEvent> order = new ArrayList<>(events.subList(0, done));
    List<StoreEvent> pending =
        new ArrayList<>(events.subList(done, Math.min(events.size(), done + 2 * WINDOW)));
    while (order.size() < count) {
      List<Integer> ready = new ArrayList<>();
      for (int i = 0; i < pending.size() && ready.size() < WINDOW; i++) {
        if (mayGoFirst(pending, i)) {
          ready.add(i);
        }
        if (isBarrier(pending.get(i))) {
          break;
        }
      }
      order.add(pending.remove((int) ready.get(random.nextInt(ready.size()))));
    }
    Set<StoreEvent> called = new HashSet<>(events.subList(done, count));
    return called.containsAll(order.subList(done, count)) ? null : order;
  }

  private static boolean isBarrier(StoreEvent event) {
    return event.kind() != Kind.PLAIN && event.kind() != Kind.RELEASE;
  }

  private static boolean mayGoFirst(List<StoreEvent> pending, int index) {
    StoreEvent event = pending.get(index);
    for (StoreEvent before : pending.subList(0, index)) {
      if (event.kind() != Kind.PLAIN || isBarrier(before) || before.overlaps(event)) {
        return false;
      }
    }
    return true;
  }

  Replica image(List<StoreEvent> order) {
    Replica image = base.copy();
    order.forEach(image::apply);
    return image;
  }
}
