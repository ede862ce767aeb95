package io.pagebook.benchmarks;

import io.pagebook.book.PageBook;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Copies, reads and replaces large values in a JVM of its own, when it is told to. */
final class LargeContestant {
  /** The first word of an order, followed by milliseconds; the answer is bytes per second. */
  enum Operation {
    COPY,
    GET,
    PUT
  }

  /** So that the heap neither grows nor is met for the first time while it is measured. */
  static final List<String> JVM_FLAGS = List.of("-Xms1536m", "-Xmx1536m", "-XX:+AlwaysPreTouch");

  /** More than one, so that no cache of the processor holds what is copied. */
  private static final int VALUES = 8;

  private static final double NANOS_PER_SECOND = 1e9;

  private final PageBook book;
  private final byte[][] values;

  /** Keeps the JIT from leaving out what is copied. */
  private long sink;

  private LargeContestant(PageBook book, int bytes) {
    this.book = book;
    this.values = new byte[VALUES][bytes];
    Random random = new Random(1);
    for (byte[] value : values) {
      random.nextBytes(value);
    }
  }

  /** Takes the directory of the book and the bytes of a value. */
  public static void main(String[] args) throws IOException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (PageBook book = PageBook.open(PageBookStore.file(Path.of(args[0])))) {
      LargeContestant contestant = new LargeContestant(book, Integer.parseInt(args[1]));
      for (int i = 0; i < 2 * VALUES; i++) { // twice: a value and its successor
        contestant.put(i % VALUES);
      }
      long size = book.fileBytes();
      ChildJvm.say("ready");
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        String[] words = order.split(" ", -1);
        double found = contestant.slice(Operation.valueOf(words[0]), Long.parseLong(words[1]));
        contestant.verify(size);
        ChildJvm.say(found + " " + contestant.sink);
      }
    }
  }

  private double slice(Operation operation, long millis) {
    long budget = TimeUnit.MILLISECONDS.toNanos(millis);
    long start = System.nanoTime();
    long nanos;
    int done = 0;
    do {
      int i = done++ % VALUES;
      switch (operation) {
        case COPY -> use(Arrays.copyOf(values[i], values[i].length));
        case GET -> use(stored(i));
        case PUT -> put(i);
      }
      nanos = System.nanoTime() - start;
    } while (nanos < budget);
    return (double) done * values[0].length * NANOS_PER_SECOND / nanos;
  }

  private void use(byte[] copy) {
    sink += copy[copy.length - 1];
  }

  private void put(int i) {
    book.putBytes(1 + i, values[i]);
  }

  private byte[] stored(int i) {
    byte[] found = book.getBytes(1 + i);
    if (found == null) {
      throw new IllegalStateException("store lost a value: key=" + (1 + i));
    }
    return found;
  }

  private void verify(long size) {
    if (book.fileBytes() != size) {
      throw new IllegalStateException(
          "the book grew while it was measured: bytesBefore="
              + size
              + ", bytesAfter="
              + book.fileBytes()
              + ", file="
              + book.file());
    }
    for (int i = 0; i < VALUES; i++) {
      if (!Arrays.equals(values[i], stored(i))) {
        throw new IllegalStateException("store returned a wrong value: key=" + (1 + i));
      }
    }
  }
}
