package io.pagebook.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.CursorIterable;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;

/**
 * LMDB by lmdbjava: a writable map that is not forced, keys as integers, values written in place,
 * and one read transaction per thread that is used again. Each put is a transaction; an update
 * reads and writes in one.
 */
final class LmdbStore<V> implements Store<V> {
  /** What its read-me asks for on Java 17. */
  static final List<String> JVM_FLAGS =
      List.of(
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");

  /** Up to a page for the end of a large value, and as much again for copies on write. */
  private static final int OVERHEAD_BYTES = 8192;

  private final Env<ByteBuffer> environment;
  private final Dbi<ByteBuffer> database;
  private final ValueForm<V> form;
  private final Queue<Reader> opened = new ConcurrentLinkedQueue<>();
  private final ThreadLocal<Reader> readers = ThreadLocal.withInitial(this::newReader);

  LmdbStore(Path directory, Shape<V> shape) {
    environment =
        Env.create()
            .setMapSize(2 * shape.roomBytes(OVERHEAD_BYTES))
            .setMaxDbs(1)
            .open(
                directory.toFile(), EnvFlags.MDB_WRITEMAP, EnvFlags.MDB_NOSYNC, EnvFlags.MDB_NOTLS);
    database = environment.openDbi("benchmark", DbiFlags.MDB_CREATE, DbiFlags.MDB_INTEGERKEY);
    form = shape.form();
  }

  @Override
  public @Nullable V get(long key) {
    Reader reader = readers.get();
    reader.transaction.renew();
    try {
      return read(reader.transaction, reader.withKey(key));
    } finally {
      reader.transaction.reset();
    }
  }

  @Override
  public void put(long key, V value) {
    ByteBuffer keyBytes = readers.get().withKey(key);
    try (Txn<ByteBuffer> transaction = environment.txnWrite()) {
      write(transaction, keyBytes, value);
      transaction.commit();
    }
  }

  @Override
  public void update(long key, UnaryOperator<V> change) {
    ByteBuffer keyBytes = readers.get().withKey(key);
    try (Txn<ByteBuffer> transaction = environment.txnWrite()) {
      V value = read(transaction, keyBytes);
      if (value != null) {
        write(transaction, keyBytes, change.apply(value));
      }
      transaction.commit();
    }
  }

  @Override
  public void forEach(Consumer<V> visitor) {
    try (Txn<ByteBuffer> transaction = environment.txnRead();
        CursorIterable<ByteBuffer> entries = database.iterate(transaction)) {
      for (CursorIterable.KeyVal<ByteBuffer> entry : entries) {
        visitor.accept(valueOf(entry.val()));
      }
    }
  }

  @Override
  public void close() {
    opened.forEach(reader -> reader.transaction.close());
    environment.close();
  }

  private @Nullable V read(Txn<ByteBuffer> transaction, ByteBuffer key) {
    ByteBuffer found = database.get(transaction, key);
    return found == null ? null : valueOf(found);
  }

  private V valueOf(ByteBuffer found) {
    byte[] bytes = new byte[found.remaining()];
    found.get(bytes);
    return form.fromBytes(bytes);
  }

  private void write(Txn<ByteBuffer> transaction, ByteBuffer key, V value) {
    byte[] bytes = form.toBytes(value);
    database.reserve(transaction, key, bytes.length).put(bytes);
  }

  private Reader newReader() {
    Reader reader = new Reader(environment.txnRead());
    reader.transaction.reset();
    opened.add(reader);
    return reader;
  }

  /** What a thread uses again and again. */
  private static final class Reader {
    final Txn<ByteBuffer> transaction;
    private final ByteBuffer key =
        ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());

    Reader(Txn<ByteBuffer> transaction) {
      this.transaction = transaction;
    }

    ByteBuffer withKey(long number) {
      return key.clear().putLong(0, number);
    }
  }
}
