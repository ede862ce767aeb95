package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A copy of the provider in a class loader of its own, as a web application brings it. */
class UnloadingIT extends CacheTestBase {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"pagebook:private", "file:DIRECTORY/books/", "file:DIRECTORY/x.xml"})
  void copyThatIsClosedCanBeUnloaded(String uri) throws Exception {
    Files.writeString(
        directory.resolve("x.xml"),
        "<pagebook xmlns='urn:pagebook:config:1'><private/><cache name='d'/></pagebook>");

    List<WeakReference<Object>> left =
        useAndClose(URI.create(uri.replace("DIRECTORY", directory.toString())));

    Awaitility.await("the class loader of a closed copy is collected, and its provider")
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              System.gc();
              return left.stream().allMatch(reference -> reference.get() == null);
            });
    assertThat(openFiles()).noneMatch(file -> file.startsWith(directory.toString()));
    // the thread that used it is there still, as those of a server are
    assertThat(async(Thread::currentThread)).succeedsWithin(30, TimeUnit.SECONDS);
  }

  private List<WeakReference<Object>> useAndClose(URI uri) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : ChildJvm.classPath().split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      String name = String.valueOf(path.getFileName());
      if (name.startsWith("pagebook-")) { // a jar that this JVM itself does not have open
        path = Files.copy(path, directory.resolve(name));
      }
      urls.add(path.toUri().toURL());
    }
    try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), new ApiOnly())) {
      Class<?> type = loader.loadClass(PageBookCachingProvider.class.getName());
      assertThat(type).isNotSameAs(PageBookCachingProvider.class);
      CachingProvider copy = (CachingProvider) type.getConstructor().newInstance();
      assertThat(run(() -> use(copy, uri, loader))).succeedsWithin(30, TimeUnit.SECONDS);
      copy.close();
      return List.of(new WeakReference<>(loader), new WeakReference<>(copy));
    }
  }

  /** What this process has open, of the files that there are. */
  private static List<String> openFiles() throws IOException {
    List<String> open = new ArrayList<>();
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors) {
        try {
          open.add(Files.readSymbolicLink(descriptor).toString());
        } catch (NoSuchFileException e) {
          open.add("closed meanwhile: " + descriptor);
        }
      }
    }
    return open;
  }

  private static void use(CachingProvider copy, URI uri, ClassLoader loader) {
    Cache<String, String> cache =
        copy.getCacheManager(uri, loader)
            .createCache(
                "c", new MutableConfiguration<String, String>().setStatisticsEnabled(true));
    cache.put("k", "by the copy");
    assertThat(cache.get("k")).isEqualTo("by the copy");
    assertThat(cache.getAndRemove("k")).isEqualTo("by the copy");
  }

  /** Has nothing but the platform and the API of JCache. */
  private static final class ApiOnly extends ClassLoader {
    ApiOnly() {
      super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("javax.cache.")) {
        return Cache.class.getClassLoader().loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }
}
