package io.pagebook.jcache.expiry;

import io.pagebook.book.RecordBuffer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * A cache's {@link ExpiryPolicy} as points in time, in milliseconds since 1970. A policy that
 * throws, or has no answer where one is needed, means an eternal entry at creation and no change
 * afterwards. As thread-safe as the policy.
 */
public final class ExpiryRules {
  private static final Logger LOGGER = System.getLogger("io.pagebook.jcache");

  /** Those that never change an expiry on access; of any other it is asked each time. */
  private static final Set<Class<?>> DEAF_TO_ACCESS =
      Set.of(EternalExpiryPolicy.class, CreatedExpiryPolicy.class, ModifiedExpiryPolicy.class);

  private final ExpiryPolicy policy;
  private final boolean eternal;
  private final boolean access;
  private final AtomicBoolean failureLogged = new AtomicBoolean();

  public ExpiryRules(ExpiryPolicy policy) {
    this.policy = policy;
    eternal = policy.getClass() == EternalExpiryPolicy.class;
    access = !DEAF_TO_ACCESS.contains(policy.getClass());
  }

  /** The policy itself, to be closed with the cache. */
  public ExpiryPolicy policy() {
    return policy;
  }

  /** Whether each write makes the entry eternal, so that the policy need not be asked. */
  public boolean isEternal() {
    return eternal;
  }

  /** Whether an access may change an expiry. */
  public boolean listensToAccess() {
    return access;
  }

  /**
   * When an entry created at {@code now} expires; no later than {@code now} means that it is not to
   * be stored.
   */
  public long afterCreation(long now) {
    return eternal
        ? RecordBuffer.NEVER
        : after(ask(policy::getExpiryForCreation), now, RecordBuffer.NEVER);
  }

  /** When an entry updated at {@code now} expires, if so far it expired at {@code current}. */
  public long afterUpdate(long current, long now) {
    return eternal ? RecordBuffer.NEVER : after(ask(policy::getExpiryForUpdate), now, current);
  }

  /** When an entry read at {@code now} expires, if so far it expired at {@code current}. */
  public long afterAccess(long current, long now) {
    return access ? after(ask(policy::getExpiryForAccess), now, current) : current;
  }

  private static long after(@Nullable Duration duration, long now, long otherwise) {
    if (duration == null) {
      return otherwise;
    }
    if (duration.isEternal()) {
      return RecordBuffer.NEVER;
    }
    long millis = duration.getTimeUnit().toMillis(duration.getDurationAmount());
    return millis > RecordBuffer.NEVER - now ? RecordBuffer.NEVER : now + millis;
  }

  private @Nullable Duration ask(Supplier<@Nullable Duration> question) {
    try {
      return question.get();
    } catch (RuntimeException e) {
      if (failureLogged.compareAndSet(false, true)) {
        LOGGER.log(
            Level.WARNING,
            "expiry policy failed, entries keep their expiry or get none: policy="
                + policy.getClass().getName()
                + "; logged once",
            e);
      }
      return null;
    }
  }
}
