package io.pagebook.stress.vacuum;

import io.pagebook.book.BookOptions;
import io.pagebook.book.PageBook;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.Parent;
import io.pagebook.testing.Seeds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * A process of {@link VacuumUnderFireIT}: replaces values of its own keys by others of the same
 * length, reads all keys, and checks whatever it reads. Arguments: book, number of the worker, the
 * step from one key to the next, the keys.
 */
final class FireWorker {
  static final String VIOLATION = "VIOLATION ";
  static final String WORKING = "working";
  static final String RESULT = "RESULT ";
  static final int WORKERS = 4;

  private static final int WARM = 100;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private FireWorker() {}

  /** The length of a key's values. */
  static int length(int key) {
    int dice = key * 31 % 1000;
    return CheckedValue.MIN_LENGTH + (dice < 900 ? dice * 9 : dice < 995 ? dice * 20 : 300_000);
  }

  public static void main(String[] args) {
    Parent parent = Parent.connect();
    int worker = Integer.parseInt(args[1]);
    int step = Integer.parseInt(args[2]);
    int keys = Integer.parseInt(args[3]);
    SplittableRandom random = new SplittableRandom(Seeds.inherited());
    long[] written = new long[keys];
    long longestWrite = 0;
    long longestRead = 0;
    long writes = 0;
    long reads = 0;
    try (PageBook book =
        PageBook.open(Path.of(args[0]), BookOptions.DEFAULT.withLockTimeout(PATIENCE))) {
      while (!parent.hasSpoken()) {
        int index = random.nextInt(keys);
        int key = index * step;
        long before = System.nanoTime();
        if (index % WORKERS == worker && random.nextBoolean()) {
          long sequence = written[index] + 1;
          byte[] value = new CheckedValue(key, worker, sequence, length(key)).encode();
          before = System.nanoTime();
          book.putBytes(key, value);
          longestWrite = Math.max(longestWrite, System.nanoTime() - before);
          written[index] = sequence;
          writes++;
        } else {
          byte[] bytes = book.getBytes(key);
          longestRead = Math.max(longestRead, System.nanoTime() - before);
          check(key, bytes, index % WORKERS == worker ? written[index] : -1);
          reads++;
        }
        if (writes + reads == WARM) {
          parent.say(WORKING);
        }
      }
      for (int index = worker; index < keys; index += WORKERS) {
        check(index * step, book.getBytes(index * step), written[index]);
      }
      parent.say(RESULT + writes + " " + reads + " " + longestWrite + " " + longestRead);
    } catch (RuntimeException | Error e) {
      e.printStackTrace();
      parent.say(VIOLATION + e);
      Runtime.getRuntime().halt(1);
    }
    System.exit(0);
  }

  /**
   * @param sequence the value's number, or -1 for any
   */
  private static void check(int key, byte[] bytes, long sequence) {
    if (bytes == null) {
      throw new AssertionError("an entry was lost: key=" + key);
    }
    long found = CheckedValue.decode(key, bytes).sequence();
    if (sequence >= 0 && found != sequence) {
      throw new AssertionError(
          "a write was lost: key=" + key + ", written=" + sequence + ", found=" + found);
    }
  }
}
