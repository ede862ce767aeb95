package io.pagebook.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That the harness itself holds: a broken one would pass everything. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ChildJvmTest {
  /** A child that repeats what it hears. */
  static final class Echo {
    private Echo() {}

    public static void main(String[] args) {
      Parent parent = Parent.connect();
      System.err.println("a warning");
      parent.say("seed " + Seeds.inherited() + " " + String.join(",", args));
      for (String line = parent.hear(); !line.equals("end"); line = parent.hear()) {
        parent.say("echo " + line);
      }
      System.exit(7);
    }
  }

  private static ChildJvm echo() {
    return ChildJvm.of(Echo.class).seed(-42).arguments("a", 1).start();
  }

  @Test
  void seedArgumentsLinesAndExitCodePass() {
    try (ChildJvm child = echo()) {
      child.send("one");
      child.send("two \u20AC");
      assertThat(child.awaitLine("seed")).isEqualTo("seed -42 a,1");
      assertThat(child.awaitLine("echo two")).isEqualTo("echo two \u20AC");
      child.send("end");
      assertThat(child.awaitEnd(ChildJvm.PATIENCE)).isEqualTo(7);
      assertThat(child.stderrLines()).containsExactly("a warning");
      assertThat(child.stdoutLines())
          .containsExactly("seed -42 a,1", "echo one", "echo two \u20AC");
    }
  }

  @Test
  void stoppedChildIsSilentUntilItGoesOn() {
    try (ChildJvm child = echo()) {
      child.awaitLine("seed");
      child.stop();
      child.send("late");
      assertThatThrownBy(() -> child.awaitLine("echo", Duration.ofMillis(200)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("ended=false");
      child.resume();
      assertThat(child.awaitLine("echo")).isEqualTo("echo late");
    }
  }

  @Test
  void killedChildIsReportedAtOnceAndReaped() {
    try (ChildJvm child = echo()) {
      child.awaitLine("seed");
      child.kill();
      assertThat(child.isAlive()).isFalse();
      assertThatThrownBy(() -> child.awaitLine("echo"))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("ended=true")
          .hasMessageContaining("a warning");
    }
  }

  @Test
  void stoppedChildIsReapedByClose() {
    ChildJvm child = echo();
    try (child) {
      child.awaitLine("seed");
      child.stop();
    }
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void childEndsWithItsParentsLine() {
    try (ChildJvm child = echo()) {
      child.awaitLine("seed");
      child.closeInput();
      assertThat(child.awaitEnd(ChildJvm.PATIENCE)).isEqualTo(3);
    }
  }
}
