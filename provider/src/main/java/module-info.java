/**
 * The JSR-107 provider of Pagebook: caches whose entries live in books, memory-mapped files that
 * all JVMs of a host share.
 */
// cache-api has no module descriptor, only a fixed automatic name
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module io.pagebook.jcache {
  requires java.management;
  requires java.xml;
  requires static com.github.benmanes.caffeine;
  requires static org.jspecify;
  requires transitive cache.api;
  requires transitive io.pagebook.book;

  exports io.pagebook.jcache;
  exports io.pagebook.jcache.spi;

  uses io.pagebook.jcache.spi.ValueCodec;

  provides javax.cache.spi.CachingProvider with
      io.pagebook.jcache.PageBookCachingProvider;
}
