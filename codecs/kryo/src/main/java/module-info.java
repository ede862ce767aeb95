/** The value codec {@code kryo}: an optional part of Pagebook. */
// Kryo has no module descriptor, only a fixed automatic name
@SuppressWarnings("requires-automatic")
module io.pagebook.kryo {
  requires com.esotericsoftware.kryo.kryo5;
  requires io.pagebook.jcache;
  requires static java.sql;
  requires static org.jspecify;

  exports io.pagebook.kryo;

  provides io.pagebook.jcache.spi.ValueCodec with
      io.pagebook.kryo.KryoCodec;
}
