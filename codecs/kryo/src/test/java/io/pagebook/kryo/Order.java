package io.pagebook.kryo;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * A domain class as applications have them: no public constructor, final fields, parts of many
 * types.
 */
final class Order implements Serializable {
  private static final long serialVersionUID = 1L;

  private final UUID id;
  private final Instant placed;
  private final int priority;
  private final ArrayList<Line> lines;
  private final LinkedHashMap<String, BigDecimal> discounts;
  private final long[] history;
  private State state;
  private LocalDate shipped;
  private transient Object scratch = new Object();

  private Order(SplittableRandom random, int size) {
    id = new UUID(random.nextLong(), random.nextLong());
    placed = Instant.ofEpochMilli(random.nextLong(1L << 41));
    priority = random.nextInt();
    lines = new ArrayList<>();
    discounts = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      lines.add(new Line("article " + random.nextInt(100), random.nextInt(10), null));
      discounts.put("k\u00e9y\u0101" + i, BigDecimal.valueOf(random.nextInt(), 2));
    }
    if (size > 1) {
      lines.add(new Line("gift", 1, lines.get(0)));
    }
    history = random.longs(size).toArray();
    state = State.values()[random.nextInt(State.values().length)];
    shipped = random.nextBoolean() ? LocalDate.ofEpochDay(random.nextInt(40_000)) : null;
  }

  static Order random(SplittableRandom random) {
    return new Order(random, random.nextInt(8));
  }

  Object scratch() {
    return scratch;
  }

  List<Line> lines() {
    return lines;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Order that && parts().equals(that.parts());
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return parts().toString();
  }

  private List<Object> parts() {
    Map<String, BigDecimal> inOrder = discounts;
    return Arrays.asList(
        id,
        placed,
        priority,
        lines,
        new ArrayList<>(inOrder.entrySet()),
        Arrays.toString(history),
        state,
        Objects.toString(shipped));
  }

  /** A record within it, which may hold another. */
  record Line(String article, int count, Line wrapping) implements Serializable {}

  /** An enum, one constant of which has a class of its own. */
  enum State {
    OPEN,
    PAID {
      @Override
      boolean isFinal() {
        return true;
      }
    };

    boolean isFinal() {
      return false;
    }
  }
}
