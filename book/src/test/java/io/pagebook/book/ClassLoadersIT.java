package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.RemoteBook;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two copies of the engine in one JVM, as two web applications bring them, on one file. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ClassLoadersIT {
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final Duration LONG = Duration.ofSeconds(20);

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  /** A copy of the engine, with a book open. */
  private static final class Copy implements AutoCloseable {
    private final URLClassLoader loader;
    private final Object book;

    Copy(Path file) throws IOException, ReflectiveOperationException {
      loader = new URLClassLoader(urls(), ClassLoader.getPlatformClassLoader());
      Class<?> type = loader.loadClass(PageBook.class.getName());
      assertThat(type).isNotSameAs(PageBook.class);
      book = type.getMethod("open", Path.class).invoke(null, file);
    }

    private static URL[] urls() throws MalformedURLException {
      List<URL> urls = new ArrayList<>();
      for (String entry : ChildJvm.classPath().split(File.pathSeparator, -1)) {
        urls.add(Path.of(entry).toUri().toURL());
      }
      return urls.toArray(URL[]::new);
    }

    Object call(String name, Class<?>[] types, Object... arguments)
        throws ReflectiveOperationException {
      try {
        return book.getClass().getMethod(name, types).invoke(book, arguments);
      } catch (InvocationTargetException e) {
        throw new AssertionError(name + " threw " + e.getCause(), e.getCause());
      }
    }

    boolean put(int id, String value) throws ReflectiveOperationException {
      return (boolean) call("putString", new Class<?>[] {int.class, String.class}, id, value);
    }

    Object get(int id) throws ReflectiveOperationException {
      return call("getString", new Class<?>[] {int.class}, id);
    }

    AutoCloseable lockForWriting() throws ReflectiveOperationException {
      return (AutoCloseable) call("lockForWriting", new Class<?>[] {Duration.class}, LONG);
    }

    void closeBook() throws ReflectiveOperationException {
      call("close", new Class<?>[0]);
    }

    @Override
    public void close() throws IOException, ReflectiveOperationException {
      closeBook();
      loader.close();
    }
  }

  @Test
  void bothReadAndWrite() throws Exception {
    try (Copy one = new Copy(books.file("a.book"));
        Copy other = new Copy(books.file("a.book"))) {
      PageBook own = books.open("a.book");
      for (int id = 0; id < 300; id++) {
        Copy writer = id % 2 == 0 ? one : other;
        Copy reader = id % 2 == 0 ? other : one;
        String value = Integer.toString(id).repeat(1000);
        assertThat(writer.put(id, value)).isFalse();
        assertThat(reader.get(id)).isEqualTo(value);
        assertThat(own.getString(id)).isEqualTo(value);
      }
      assertThat(own.count()).isEqualTo(300);
    }
  }

  @Test
  void locksShutOutTheOtherCopy() throws Exception {
    PageBook own = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(SHORT));
    try (Copy copy = new Copy(books.file("a.book"));
        AutoCloseable lock = copy.lockForWriting();
        Workers workers = new Workers()) {
      assertThat(lock).isNotNull();
      var write = workers.begin("writer", () -> own.putString(1, "x"));
      assertThatThrownBy(() -> Workers.get(write, LONG))
          .isInstanceOf(BookException.LockTimeout.class);
    }
    assertThat(own.putString(1, "x")).isFalse();
  }

  @Test
  void closingOneCopyLeavesTheOtherAlive() throws Exception {
    try (Copy one = new Copy(books.file("a.book"));
        Copy other = new Copy(books.file("a.book"));
        RemoteBook remote = RemoteBook.open(books.file("a.book"), SHORT)) {
      String pid = Long.toString(ProcessHandle.current().pid());
      one.put(1, "by one");
      try (AutoCloseable lock = other.lockForWriting()) {
        assertThat(lock).isNotNull();
        one.closeBook();
        for (int attempt = 0; attempt < 2; attempt++) {
          assertThat(remote.putString(1, "stolen").refusal(BookException.LockTimeout.class))
              .contains(pid);
          assertThat(remote.lockForWriting(SHORT).refusal(BookException.LockTimeout.class))
              .contains(pid);
        }
        assertThat(other.put(1, "by the other")).isTrue();
      }
      assertThat(remote.getString(1)).isEqualTo("by the other");
      remote.putString(1, "by the child").value();
      assertThat(other.get(1)).isEqualTo("by the child");
      try (Copy third = new Copy(books.file("a.book"))) {
        assertThat(third.get(1)).isEqualTo("by the child");
      }
      assertThat(other.put(1, "at the end")).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void copyThatIsClosedCanBeUnloaded(boolean itsThreadGoesOn) throws Exception {
    PageBook own = books.open("a.book");
    WeakReference<ClassLoader> loader;
    if (itsThreadGoesOn) {
      // as the pooled threads of a server do
      loader = openAndClose();
    } else {
      try (Workers workers = new Workers()) {
        loader = Workers.get(workers.call("user", this::openAndClose), LONG);
      }
    }
    Awaitility.await("the class loader of a closed copy is collected")
        .atMost(Duration.ofSeconds(5))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              System.gc();
              return loader.get() == null;
            });
    assertThat(own.getString(1)).isEqualTo("by the copy");
  }

  private WeakReference<ClassLoader> openAndClose() throws Exception {
    try (Copy copy = new Copy(books.file("a.book"))) {
      copy.put(1, "by the copy");
      return new WeakReference<>(copy.loader);
    }
  }
}
