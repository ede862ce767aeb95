package io.pagebook.stress.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.BookChecker;
import io.pagebook.book.BookOptions;
import io.pagebook.book.PageBook;
import io.pagebook.book.layout.BookLayout;
import io.pagebook.stress.Stress;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.RemoteBook;
import io.pagebook.testing.Seeds;
import io.pagebook.testing.Summary;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A process is stopped by SIGSTOP in the middle of a write, of a split, of the file's growth, of a
 * vacuum. Whatever lock of the engine it holds then is not taken from it: who needs that lock is
 * told its name in time, everybody else goes on, every record is read; and when it goes on it ends
 * what it was doing. In each situation that a stop can find at least one stop is looked at, and of
 * the others a sample; in the long form each of them.
 */
@Timeout(value = 7200, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StoppedInsideIT {
  /** What others wait for a lock. */
  private static final Duration SHORT = Duration.ofMillis(Stress.choose(40, 100));

  /** What the one that is stopped waits: its clock goes on. */
  private static final Duration LONG = Duration.ofMinutes(90);

  private static final int STOPS_PER_LOOK = Stress.choose(150, 1);

  /** As before, of stops in the middle of what a shard's journal says. */
  private static final int HALF_DONE_PER_LOOK = Stress.choose(12, 1);

  private static final Stepper.Plan WRITE =
      Stepper.Plan.ofLines(
          Stress.choose(1, 2),
          "shard.Shard",
          "shard.ShardWriter",
          "shard.ShardLocker",
          "shard.Journal",
          "shard.NewRecord",
          "shard.RecordLog",
          "shard.Remover",
          "shard.Splitter",
          "RecordStore",
          "KeyStripes",
          "process.SharedLock",
          "page.FileGrowth",
          "page.PagePool");

  private static final Stepper.Plan VACUUM =
      Stepper.Plan.ofLines(1, "Vacuum", "NewFile", "BookCopier", "BookGate")
          .withCalls(Map.of("putLongVolatile", 1, "truncate", 1, "force", 1, "appendZerosTo", 1));

  @RegisterExtension final CheckedBooks books = CheckedBooks.inSharedMemory();

  private final Map<Lock, Integer> looks = new EnumMap<>(Lock.class);
  private final Set<Situation> situations = new HashSet<>();
  private Random random;
  private PageBook book;
  private RemoteBook victim;
  private Stepper stepper;
  private OnLooker onLooker;

  @BeforeEach
  void open() throws Exception {
    random = new Random(Seeds.seed("StoppedInsideIT"));
    BookOptions options = BookOptions.DEFAULT.withShards(2).withLockTimeout(SHORT);
    book = books.open("a.book", options);
    victim = books.closing(RemoteBook.start(RemoteBook.builder().jvmOption(Stepper.OPTION)));
    victim.openBook(book.file(), BookOptions.DEFAULT.withLockTimeout(LONG)).value();
    onLooker = new OnLooker(book, SHORT, victim.jvm().pid());
    onLooker.fill();
    warmUp();
    stepper = books.closing(new Stepper(victim.jvm()));
  }

  /** A breakpoint needs a loaded class. */
  private void warmUp() {
    for (int round = 0; round < 2; round++) {
      victim.put(new CheckedValue(OnLooker.SPARE, 0, 0, 600_000)).value();
      victim.remove(OnLooker.SPARE).value();
    }
    for (int key = 0; key < 400; key++) {
      victim.putString(OnLooker.SPARE + key, "to be thinned").value();
    }
    for (int key = 0; key < 400; key++) {
      victim.remove(OnLooker.SPARE + key).value();
    }
    victim.call("vacuum").value();
    book.getBytes(OnLooker.SPARE); // follows
  }

  /** Has the victim do something, and stops it on its way; what it answers in the end. */
  private String stopIn(Stepper.Plan plan, Object... command) throws Exception {
    stepper.begin(plan);
    victim.begin(command);
    for (var step = stepper.next(); step.isPresent(); step = stepper.next()) {
      Situation situation = onLooker.situation();
      boolean isNew = situations.add(situation);
      int stopsPerLook = situation.isHalfDone() ? HALF_DONE_PER_LOOK : STOPS_PER_LOOK;
      if (isNew || random.nextInt(stopsPerLook) == 0) {
        look(step.get(), situation);
      }
    }
    String answer = victim.answer(Duration.ofSeconds(60)).value();
    onLooker.ended();
    return answer;
  }

  private void look(String step, Situation situation) throws Exception {
    String at = step + " " + situation;
    System.out.println("stopped at " + at);
    victim.jvm().stop();
    try {
      onLooker.look(situation, at);
    } finally {
      victim.jvm().resume();
    }
    for (Lock lock : situation.held()) {
      looks.merge(lock, 1, Integer::sum);
    }
  }

  private void report(String what) {
    assertThat(BookChecker.check(book.file()).violations()).isEmpty();
    Summary.line(
        "stopped in %s: %d situations, looks by lock %s, refusals %d, all named the holder; 0 stolen, 0 lost",
        what, situations.size(), looks, onLooker.refusals());
  }

  private int looksAt(Lock lock) {
    return looks.getOrDefault(lock, 0);
  }

  @Test
  void inTheMiddleOfAWrite() throws Exception {
    onLooker.expect(OnLooker.OWN, 1, 200);
    assertThat(stopIn(WRITE, "put", OnLooker.OWN, 0, 1, 200)).isEqualTo("true");
    onLooker.expect(OnLooker.OWN, 2, 90_000);
    assertThat(stopIn(WRITE, "put", OnLooker.OWN, 0, 2, 90_000)).isEqualTo("true");
    onLooker.expect(OnLooker.OWN, 3, 300);
    assertThat(stopIn(WRITE, "put", OnLooker.OWN, 0, 3, 300)).isEqualTo("true");
    onLooker.expectRemoved(OnLooker.OWN);
    assertThat(stopIn(WRITE, "remove", OnLooker.OWN)).isEqualTo("true");
    report("a write");
    assertThat(looksAt(Lock.SHARD)).isPositive();
    assertThat(looksAt(Lock.SHARD_WITH_INTENT)).isPositive();
  }

  /** Additions until a shard is in the middle of a split. */
  @Test
  void inTheMiddleOfASplit() throws Exception {
    Stepper.Plan splits = Stepper.Plan.ofLines(Stress.choose(1, 2), "shard.Splitter");
    onLooker.splitOnce();
    int looks = Stress.choose(2, 40);
    for (int key = OnLooker.ADDED; looksAt(Lock.SHARD_WITH_SPLIT) < looks; key++) {
      onLooker.expect(key, 1, 40);
      stopIn(splits, "put", key, 0, 1, 40);
    }
    report("a split");
  }

  @Test
  void inTheMiddleOfGrowth() throws Exception {
    // a look before the page count is raised vacuums the file away, and with it the growth
    for (int i = 1; i <= Stress.choose(1, 5) || looksAt(Lock.GROWTH_DONE) == 0; i++) {
      assertThat(i).as("growths").isLessThan(20);
      onLooker.expect(OnLooker.OWN, i, 1_000_000 * i);
      assertThat(stopIn(WRITE, "put", OnLooker.OWN, 0, i, 1_000_000 * i)).isEqualTo("true");
    }
    report("growth");
    assertThat(looksAt(Lock.GROWTH)).isPositive();
    assertThat(looksAt(Lock.GROWTH_DONE)).isPositive();
  }

  @Test
  void inTheMiddleOfAVacuum() throws Exception {
    for (int i = 0; i < Stress.choose(1, 3); i++) {
      onLooker.thin();
      assertThat(Long.parseLong(stopIn(VACUUM, "vacuum"))).isPositive();
    }
    report("a vacuum");
    assertThat(looksAt(Lock.VACUUM)).isPositive();
    assertThat(looksAt(Lock.GATE)).isPositive();
    assertThat(looksAt(Lock.GATE_ANNOUNCED)).isPositive();
    // what comes then is not always seen: our housekeeper follows, and has the new file serve
    assertThat(situations.stream().map(Situation::state)).contains(BookLayout.STATE_MOVING);
  }
}
