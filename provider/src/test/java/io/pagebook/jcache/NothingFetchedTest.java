package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that would have the parser fetch something, beside a server that nobody may call. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // the server never answers
class NothingFetchedTest extends DocumentTestBase {
  private static final String ROOT = "<pagebook xmlns='urn:pagebook:config:1'";

  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void closeServer() throws IOException {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE pagebook SYSTEM 'URL'>" + ROOT + "><private/></pagebook>",
        "<!DOCTYPE pagebook PUBLIC '-//x//y' 'URL'>" + ROOT + "><private/></pagebook>",
        "<!DOCTYPE pagebook [<!ENTITY e SYSTEM 'URL'>]>" + ROOT + "><private/>&e;</pagebook>",
        "<!DOCTYPE pagebook [<!ENTITY % e SYSTEM 'URL'> %e;]>" + ROOT + "><private/></pagebook>",
        "<!DOCTYPE pagebook [<!ENTITY e SYSTEM 'SECRET'>]>"
            + ROOT
            + "><private/><cache name='&e;'/></pagebook>",
        ROOT + " xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='URL'/></pagebook>"
      })
  void aDocumentThatPointsElsewhereIsRefused(String document) throws IOException {
    Path secret = Files.writeString(parent.resolve("secret.txt"), "the password");
    Path file =
        Files.writeString(
            parent.resolve("outside.xml"),
            document.replace("URL", url()).replace("SECRET", secret.toUri().toString()));

    assertThatThrownBy(() -> open(file))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("file=" + file + ", line=1; ")
        .hasMessageNotContaining("the password");
    assertNobodyCalled();
  }

  @Test
  void theSchemaThatADocumentNamesIsNotRead() throws IOException {
    Path file =
        Files.writeString(
            parent.resolve("hint.xml"),
            "<?xml-model href='"
                + url()
                + "'?>"
                + ROOT
                + " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
                + (" xsi:schemaLocation='urn:pagebook:config:1 " + url() + "'>")
                + "<private/><cache name='c'/></pagebook>");

    assertThat(open(file).getCacheNames()).containsExactly("c");
    assertNobodyCalled();
  }

  @Test
  void theDocumentItselfIsOnThisMachine() throws IOException {
    String authority = "127.0.0.1:" + server.getLocalPort();
    for (String uri :
        new String[] {
          url(),
          "jar:" + url().replace("x.xml", "x.jar!/x.xml"),
          "jar:file://" + authority + "/x.jar!/x.xml",
          "url:" + url(),
          "URL:" + url().replace("http:", "HTTP:"),
          "url:file://" + authority + "/x.xml",
          "jar:url:" + url().replace("x.xml", "x.jar!/x.xml")
        }) {
      assertThatThrownBy(() -> provider.getCacheManager(URI.create(uri), null))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("must lie on this machine: file=" + uri);
    }
    for (String uri : // the JDK does not even parse these
        new String[] {
          "url:jar:url:" + url().replace("x.xml", "x.jar!/x.xml"),
          "jar:jar:url:" + url().replace("x.xml", "x.jar!/y.jar!/x.xml"),
          "url:url:" + url()
        }) {
      assertThatThrownBy(() -> provider.getCacheManager(URI.create(uri), null))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("file=" + uri);
    }
    assertNobodyCalled();
  }

  private String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/x.xml";
  }

  private void assertNobodyCalled() throws IOException {
    server.setSoTimeout(50); // a caller would be waiting already
    assertThatThrownBy(
            () -> {
              try (Socket caller = server.accept()) {
                throw new AssertionError("called by " + caller);
              }
            })
        .isInstanceOf(SocketTimeoutException.class);
  }
}
