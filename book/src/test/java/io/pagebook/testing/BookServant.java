package io.pagebook.testing;

import io.pagebook.book.BookChecker;
import io.pagebook.book.BookOptions;
import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.RecordStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.PrimitiveIterator;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The main class of a child JVM that does with a book what {@link RemoteBook} in its parent tells
 * it: one command a line, fields separated by tabs, one answer each, all on the main thread.
 *
 * <p>An answer is {@code = <nanoseconds taken> <result>} or {@code ! <exception> <message>}.
 */
final class BookServant {
  private final Deque<PageBook.BookLock> bookLocks = new ArrayDeque<>();
  private final Deque<RecordStore.KeyLock> keyLocks = new ArrayDeque<>();
  private @Nullable PageBook book;

  private BookServant() {}

  /** Obeys until the parent says {@code exit} or is gone. */
  public static void main(String[] args) {
    Parent parent = Parent.connect();
    parent.say("ready");
    BookServant servant = new BookServant();
    for (String line = parent.hear(); !line.equals("exit"); line = parent.hear()) {
      parent.say(servant.answer(line));
    }
    System.exit(0);
  }

  private String answer(String line) {
    long start = System.nanoTime();
    try {
      String result = obey(line.split("\t", -1));
      return "= " + (System.nanoTime() - start) + " " + result;
    } catch (RuntimeException | AssertionError e) {
      String message = e.getMessage() == null ? "" : e.getMessage();
      return "! " + e.getClass().getSimpleName() + " " + message.replace('\n', ' ');
    }
  }

  private String obey(String[] f) {
    return switch (f[0]) {
      case "open" -> {
        book = PageBook.open(Path.of(f[1]), options(f));
        yield (book.created() ? "created " : "attached ") + book.pageSizeBytes();
      }
      case "close" -> {
        book().close();
        yield "";
      }
      case "putString" -> "" + book().putString(Integer.parseInt(f[1]), fromHex(f[2]));
      case "getString" -> toHex(book().getString(Integer.parseInt(f[1])));
      case "put" -> "" + book().putBytes(Integer.parseInt(f[1]), value(f).encode());
      case "get" -> get(Integer.parseInt(f[1]));
      case "remove" -> "" + book().remove(Integer.parseInt(f[1]));
      case "count" -> "" + book().count();
      case "fileBytes" -> "" + book().fileBytes();
      case "ids" -> ids();
      case "vacuum" -> "" + book().vacuum();
      case "check" -> String.join("; ", BookChecker.check(book().file()).violations());
      case "destroy" -> "" + PageBook.destroy(Path.of(f[1]));
      case "backUp" -> backUp(book().file().toAbsolutePath().getParent());
      case "charset" -> Charset.defaultCharset().name();
      default -> {
        obeyLocking(f);
        yield "";
      }
    };
  }

  private void obeyLocking(String[] f) {
    switch (f[0]) {
      case "lockForReading" -> bookLocks.push(book().lockForReading(millis(f[1])));
      case "lockForWriting" -> bookLocks.push(book().lockForWriting(millis(f[1])));
      case "unlock" -> bookLocks.pop().close();
      case "lockKey" -> {
        RecordBuffer key = new RecordBuffer();
        key.setId(Integer.parseInt(f[1]));
        keyLocks.push(book().records().lock(key));
      }
      case "unlockKey" -> keyLocks.pop().close();
      default -> throw new IllegalArgumentException("unknown command: " + f[0]);
    }
  }

  /** Opens and closes every file of the directory, as a backup does; the number of bytes read. */
  private static String backUp(Path directory) {
    long bytes = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, Files::isRegularFile)) {
      for (Path file : files) {
        bytes += Files.readAllBytes(file).length;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Long.toString(bytes);
  }

  private static Duration millis(String number) {
    return Duration.ofMillis(Long.parseLong(number));
  }

  private PageBook book() {
    if (book == null) {
      throw new IllegalStateException("no book is open");
    }
    return book;
  }

  private static BookOptions options(String[] f) {
    return BookOptions.DEFAULT
        .withPageSizeBytes(Integer.parseInt(f[2]))
        .withLockTimeout(Duration.ofMillis(Long.parseLong(f[3])));
  }

  private static CheckedValue value(String[] f) {
    return new CheckedValue(
        Integer.parseInt(f[1]),
        Integer.parseInt(f[2]),
        Long.parseLong(f[3]),
        Integer.parseInt(f[4]));
  }

  private String get(int id) {
    byte[] bytes = book().getBytes(id);
    if (bytes == null) {
      return "null";
    }
    CheckedValue value = CheckedValue.decode(id, bytes);
    return value.writer() + "\t" + value.sequence() + "\t" + value.length();
  }

  private String ids() {
    StringJoiner joiner = new StringJoiner("\t");
    for (PrimitiveIterator.OfInt ids = book().ids(); ids.hasNext(); ) {
      joiner.add(Integer.toString(ids.nextInt()));
    }
    return joiner.toString();
  }

  /** The UTF-16 code units of {@code text}: no charset comes between. */
  static String toHex(@Nullable String text) {
    if (text == null) {
      return "null";
    }
    StringBuilder hex = new StringBuilder("x");
    for (int i = 0; i < text.length(); i++) {
      hex.append(HexFormat.of().toHexDigits(text.charAt(i)));
    }
    return hex.toString();
  }

  static @Nullable String fromHexOrNull(String hex) {
    return hex.equals("null") ? null : fromHex(hex);
  }

  private static String fromHex(String hex) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < hex.length(); i += 4) {
      text.append((char) HexFormat.fromHexDigits(hex, i, i + 4));
    }
    return text.toString();
  }
}
