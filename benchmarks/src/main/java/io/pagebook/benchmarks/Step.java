package io.pagebook.benchmarks;

/** A benchmark method, as class and method name, and the number of threads that call it. */
record Step(String method, int threads) {
  /** The method's name without its class. */
  String name() {
    return method.substring(method.indexOf('.') + 1);
  }

  @Override
  public String toString() {
    return name() + (threads == 1 ? "" : ", " + threads + " threads");
  }
}
