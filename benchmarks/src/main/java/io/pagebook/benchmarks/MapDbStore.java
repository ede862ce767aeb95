package io.pagebook.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.DataInput2;
import org.mapdb.DataOutput2;
import org.mapdb.HTreeMap;
import org.mapdb.Serializer;

/**
 * MapDB's hash map in a mapped file, without its write-ahead log. The file grows in larger steps
 * than usual, and is not cleared in advance, as its notes on performance advise. An update compares
 * and sets.
 */
final class MapDbStore {
  private static final long INCREMENT_BYTES = 16L << 20;

  private MapDbStore() {}

  static <V> Store<V> open(Path directory, Shape<V> shape) {
    DB database =
        DBMaker.fileDB(directory.resolve("benchmark.mapdb").toFile())
            .fileMmapEnable()
            .fileMmapPreclearDisable()
            .allocateStartSize(INCREMENT_BYTES)
            .allocateIncrement(INCREMENT_BYTES)
            .make();
    HTreeMap<Long, V> map =
        database
            .hashMap("benchmark")
            .keySerializer(Serializer.LONG)
            .valueSerializer(new Values<>(shape.form()))
            .createOrOpen();
    return new MapStore<>(map, database::close);
  }

  /** A length and the bytes. */
  private record Values<V>(ValueForm<V> form) implements Serializer<V> {
    @Override
    public void serialize(DataOutput2 out, V value) throws IOException {
      byte[] bytes = form.toBytes(value);
      out.packInt(bytes.length);
      out.write(bytes);
    }

    @Override
    public V deserialize(DataInput2 in, int available) throws IOException {
      byte[] bytes = new byte[in.unpackInt()];
      in.readFully(bytes);
      return form.fromBytes(bytes);
    }

    @Override
    public boolean equals(V one, V other) {
      return form.equal(one, other);
    }
  }
}
