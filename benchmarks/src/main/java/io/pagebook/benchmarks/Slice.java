package io.pagebook.benchmarks;

/**
 * What a {@link Contestant} did in one slice.
 *
 * @param nanos by the clock on the wall
 * @param cpuNanos of its thread's processor time
 * @param foreign how many values it read that another contestant wrote in the same slice
 */
record Slice(long operations, long nanos, long cpuNanos, long foreign) {
  private static final double NANOS_PER_SECOND = 1e9;

  static Slice parse(String answer) {
    String[] words = answer.split(" ", -1);
    return new Slice(
        Long.parseLong(words[0]),
        Long.parseLong(words[1]),
        Long.parseLong(words[2]),
        Long.parseLong(words[3]));
  }

  String line() {
    return operations + " " + nanos + " " + cpuNanos + " " + foreign;
  }

  double perSecond() {
    return operations * NANOS_PER_SECOND / nanos;
  }

  double perCpuSecond() {
    return operations * NANOS_PER_SECOND / cpuNanos;
  }

  /** Nanoseconds of processor time an operation. */
  double cpuNanosEach() {
    return (double) cpuNanos / operations;
  }
}
