package io.pagebook.stress;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.Summary;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.StateCase;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.runners.ForkedTestConfig;
import org.openjdk.jcstress.infra.runners.Runner;
import org.openjdk.jcstress.infra.runners.SpinLoopStyle;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * The short form of the jcstress tests: each one's generated runner, for a moment, in this JVM as
 * it is. The long form, in all its compilation modes, is {@link JcstressIT}.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OrderingTest {
  private static final int TIME_MS = 80;
  private static final int ITERATIONS = 1;
  private static final int FOOTPRINT_MB = 64;
  private static final int STRIDE_SIZE = 256;
  private static final int STRIDE_COUNT = 40;

  private static long samples;
  private static int tests;
  private static int controls;

  static Collection<String> names() {
    return TestList.tests();
  }

  @ParameterizedTest
  @MethodSource("names")
  void nothingForbiddenIsSeen(String name) throws ReflectiveOperationException, IOException {
    TestInfo info = TestList.getInfo(name);
    Runner<?> runner =
        Class.forName(info.generatedRunner())
            .asSubclass(Runner.class)
            .getConstructor(ForkedTestConfig.class)
            .newInstance(configuration(info));
    TestResult result = runner.run();
    assertThat(result.status()).as("%s", result.getMessages()).isEqualTo(Status.NORMAL);
    assertThat(result.getTotalCount()).isPositive();
    StringBuilder seen = new StringBuilder(info.name()).append(':');
    boolean interesting = false;
    for (String state : result.getStateKeys()) {
      StateCase outcome = outcome(info, state);
      long count = result.getCount(state);
      assertThat(outcome.expect())
          .as("%s, seen %s times: %s: %s", name, count, state, outcome.description())
          .isNotIn(Expect.FORBIDDEN, Expect.UNKNOWN);
      interesting |= outcome.expect() == Expect.ACCEPTABLE_INTERESTING;
      seen.append(" [").append(state).append("] ").append(count);
    }
    System.out.println(seen);
    samples += result.getTotalCount();
    tests++;
    controls += interesting ? 1 : 0;
  }

  @AfterAll
  static void summarize() {
    Summary.line(
        "orderings, short form: %d jcstress tests, %d samples, nothing forbidden; controls that saw what is wrong on"
            + " purpose: %d",
        tests, samples, controls);
  }

  private static StateCase outcome(TestInfo info, String state) {
    for (StateCase outcome : info.cases()) {
      if (outcome.matchesExactly(state)) {
        return outcome;
      }
    }
    return info.cases().stream()
        .filter(outcome -> outcome.matches(state))
        .findFirst()
        .orElse(info.unmatched());
  }

  /** jcstress hands the configuration to its forked JVMs in this form. */
  @SuppressWarnings("EnumOrdinal") // the form has it
  private static ForkedTestConfig configuration(TestInfo info) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(SpinLoopStyle.THREAD_YIELD.ordinal());
      for (int number : List.of(TIME_MS, ITERATIONS)) {
        out.writeInt(number);
      }
      out.writeUTF(info.generatedRunner());
      for (int number : List.of(FOOTPRINT_MB, STRIDE_SIZE, STRIDE_COUNT)) {
        out.writeInt(number);
      }
      out.writeBoolean(false); // no affinity
    }
    return new ForkedTestConfig(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }
}
