package io.pagebook.jcache.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.RecordBuffer;
import java.util.concurrent.TimeUnit;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExpiryRulesTest {
  private static final long NOW = 1_000_000;
  private static final long BEFORE = NOW + 5;

  @Test
  void durationsAreAddedToNow() {
    ExpiryRules rules = rules(new Duration(TimeUnit.SECONDS, 2));

    assertThat(rules.afterCreation(NOW)).isEqualTo(NOW + 2000);
    assertThat(rules.afterUpdate(BEFORE, NOW)).isEqualTo(NOW + 2000);
    assertThat(rules.afterAccess(BEFORE, NOW)).isEqualTo(NOW + 2000);
  }

  @Test
  void zeroIsNow() {
    ExpiryRules rules = rules(Duration.ZERO);

    assertThat(rules.afterCreation(NOW)).isEqualTo(NOW);
    assertThat(rules.afterUpdate(BEFORE, NOW)).isEqualTo(NOW);
    assertThat(rules.afterAccess(BEFORE, NOW)).isEqualTo(NOW);
  }

  @Test
  void nullLeavesTheExpiryAndMeansEternalAtCreation() {
    ExpiryRules rules = rules(null);

    assertThat(rules.afterCreation(NOW)).isEqualTo(RecordBuffer.NEVER);
    assertThat(rules.afterUpdate(BEFORE, NOW)).isEqualTo(BEFORE);
    assertThat(rules.afterAccess(BEFORE, NOW)).isEqualTo(BEFORE);
  }

  @Test
  void aFailingPolicyIsAsOneWithoutAnAnswer() {
    ExpiryRules rules =
        new ExpiryRules(
            new ExpiryPolicy() {
              @Override
              public Duration getExpiryForCreation() {
                throw new IllegalStateException("on purpose");
              }

              @Override
              public Duration getExpiryForAccess() {
                throw new IllegalStateException("on purpose");
              }

              @Override
              public Duration getExpiryForUpdate() {
                throw new IllegalStateException("on purpose");
              }
            });

    assertThat(rules.afterCreation(NOW)).isEqualTo(RecordBuffer.NEVER);
    assertThat(rules.afterUpdate(BEFORE, NOW)).isEqualTo(BEFORE);
    assertThat(rules.afterAccess(BEFORE, NOW)).isEqualTo(BEFORE);
  }

  @Test
  void eternalAndHugeDurationsNeverEnd() {
    Duration copyOfEternal = new Duration(null, 0);

    assertThat(rules(copyOfEternal).afterCreation(NOW)).isEqualTo(RecordBuffer.NEVER);
    assertThat(rules(new Duration(TimeUnit.DAYS, Long.MAX_VALUE)).afterCreation(NOW))
        .isEqualTo(RecordBuffer.NEVER);
  }

  @Test
  void onlyPoliciesThatListenAreAskedOnAccess() {
    assertThat(new ExpiryRules(new EternalExpiryPolicy()).listensToAccess()).isFalse();
    assertThat(new ExpiryRules(new CreatedExpiryPolicy(Duration.ONE_DAY)).listensToAccess())
        .isFalse();
    assertThat(new ExpiryRules(new AccessedExpiryPolicy(Duration.ONE_DAY)).listensToAccess())
        .isTrue();
    assertThat(new ExpiryRules(new TouchedExpiryPolicy(Duration.ONE_DAY)).listensToAccess())
        .isTrue();
  }

  private static ExpiryRules rules(@Nullable Duration duration) {
    return new ExpiryRules(
        new ExpiryPolicy() {
          @Override
          public @Nullable Duration getExpiryForCreation() {
            return duration;
          }

          @Override
          public @Nullable Duration getExpiryForAccess() {
            return duration;
          }

          @Override
          public @Nullable Duration getExpiryForUpdate() {
            return duration;
          }
        });
  }
}
