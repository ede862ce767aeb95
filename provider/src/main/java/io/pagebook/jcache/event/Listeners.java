package io.pagebook.jcache.event;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.cache.event.EventType;

/**
 * The listeners that a cache has at one moment, and what they want to hear of. Immutable.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class Listeners<K, V> {
  private final List<ListenerRegistration<K, V>> registrations;
  private final Set<EventType> types = EnumSet.noneOf(EventType.class);
  private final Set<EventType> oldValueTypes = EnumSet.noneOf(EventType.class);

  Listeners(List<ListenerRegistration<K, V>> registrations) {
    this.registrations = List.copyOf(registrations);
    for (ListenerRegistration<K, V> registration : registrations) {
      for (EventType type : EventType.values()) {
        if (registration.hears(type)) {
          types.add(type);
          if (registration.isOldValueRequired()) {
            oldValueTypes.add(type);
          }
        }
      }
    }
  }

  public boolean isEmpty() {
    return types.isEmpty();
  }

  /** Whether anybody wants to hear of events of a type. */
  public boolean hear(EventType type) {
    return types.contains(type);
  }

  /** Whether anybody wants the old value with events of a type. */
  public boolean wantOldValue(EventType type) {
    return oldValueTypes.contains(type);
  }

  /** Whether any event needs the value that an entry has before the operation. */
  public boolean wantOldValues() {
    return wantOldValue(EventType.UPDATED)
        || wantOldValue(EventType.REMOVED)
        || wantOldValue(EventType.EXPIRED);
  }

  List<ListenerRegistration<K, V>> registrations() {
    return registrations;
  }
}
