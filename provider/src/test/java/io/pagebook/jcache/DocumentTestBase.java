package io.pagebook.jcache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Managers that are configured by documents, in a directory that goes with the test. */
abstract class DocumentTestBase extends CacheTestBase {
  static final String BOOKS = "shop.books";

  @TempDir Path parent;

  final PageBookCachingProvider otherProvider = new PageBookCachingProvider(clock);

  @AfterEach
  void closeOther() {
    otherProvider.close();
    System.clearProperty(BOOKS);
  }

  /** The URI of a document beside {@code parity.csv}. */
  static URI resource(String name) {
    try {
      URL url = DocumentTestBase.class.getResource("xml/" + name);
      return Objects.requireNonNull(url, name).toURI();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(name, e);
    }
  }

  /** A document with these elements, and the books in {@code parent/books}. */
  Path write(String name, String elements) {
    return writeRaw(name, "<directory path=\"" + parent.resolve("books") + "\"/>" + elements);
  }

  /** A document with these elements and no others. */
  Path writeRaw(String name, String elements) {
    try {
      return Files.writeString(
          parent.resolve(name),
          "<pagebook xmlns=\"urn:pagebook:config:1\">" + elements + "</pagebook>");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  PageBookCacheManager open(Path document) {
    return provider.getCacheManager(document.toUri(), null);
  }

  /** As another application or process has it. */
  PageBookCacheManager openElsewhere(Path document) {
    return otherProvider.getCacheManager(document.toUri(), null);
  }
}
