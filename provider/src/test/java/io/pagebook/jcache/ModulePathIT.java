package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import com.dynatrace.hash4j.hashing.Hashing;
import io.pagebook.book.PageBook;
import io.pagebook.testing.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.cache.Caching;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An application that is a module uses the provider, and a book, from the module path. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ModulePathIT {
  private static final String MODULE =
      """
      module consumer {
        requires cache.api;
        requires io.pagebook.book;

        uses javax.cache.spi.CachingProvider;
      }
      """;

  private static final String MAIN =
      """
      package consumer;

      import io.pagebook.book.PageBook;
      import java.nio.file.Path;
      import javax.cache.Caching;
      import javax.cache.configuration.MutableConfiguration;

      public final class Main {
        public static void main(String[] args) {
          Path directory = Path.of(args[0]);
          try (var book = PageBook.open(directory.resolve("a.book"))) {
            book.putString(1, "one");
            System.out.println(book.getString(1) + " " + PageBook.class.getModule());
          }
          try (var provider = Caching.getCachingProvider();
              var manager = provider.getCacheManager(directory.toUri(), null)) {
            var types = new MutableConfiguration<String, String>().setTypes(String.class, String.class);
            var cache = manager.createCache("orders", types);
            cache.put("one", "a pot of tea");
            System.out.println(cache.get("one") + " " + cache.getClass().getModule());
          }
        }
      }
      """;

  @TempDir Path directory;

  @Test
  void modularApplicationCompilesAndRuns() throws Exception {
    Path sources = Files.createDirectories(directory.resolve("src/consumer"));
    Path module = Files.writeString(sources.resolveSibling("module-info.java"), MODULE);
    Path main = Files.writeString(sources.resolve("Main.java"), MAIN);
    Path classes = directory.resolve("classes");
    String path =
        Stream.of(PageBook.class, PageBookCachingProvider.class, Hashing.class, Caching.class)
            .map(ModulePathIT::home)
            .collect(Collectors.joining(File.pathSeparator));
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                System.out,
                System.err,
                "-p",
                path,
                "--release",
                "17",
                "-d",
                classes.toString(),
                module.toString(),
                main.toString());
    assertThat(compiled).isZero();
    Path caches = Files.createDirectories(directory.resolve("caches"));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process java =
        new ProcessBuilder(
                ChildJvm.javaCommand(),
                "-p",
                path + File.pathSeparator + classes,
                "-m",
                "consumer/consumer.Main",
                caches.toString())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(java.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      java.destroyForcibly();
    }
    assertThat(read(err)).isEmpty();
    assertThat(read(out))
        .isEqualTo("one module io.pagebook.book\na pot of tea module io.pagebook.jcache\n");
    assertThat(java.exitValue()).isZero();
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  /** The jar, or the directory of classes, that a class comes from. */
  private static String home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
