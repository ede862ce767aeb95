package io.pagebook.benchmarks;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.OptimisticTransactionDB;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.Status;
import org.rocksdb.Transaction;
import org.rocksdb.WriteOptions;

/**
 * RocksDB with the basic tuning of its manual: Bloom filters of ten bits, blocks of 16 KiB, index
 * and filters in a cache that has room for all entries. Nothing is compressed: the filler of the
 * first values would vanish. Writes go to its log and are not forced. An update is an optimistic
 * transaction, tried again on conflict.
 */
final class RocksDbStore<V> implements Store<V> {
  private static final int BITS_PER_KEY = 10;
  private static final int BLOCK_BYTES = 16 << 10;
  private static final int OVERHEAD_BYTES = 100;

  static {
    RocksDB.loadLibrary(); // before the first native object below
  }

  private final LRUCache cache;
  private final BloomFilter filter = new BloomFilter(BITS_PER_KEY);
  private final Options options = new Options();
  private final WriteOptions writing = new WriteOptions();
  private final ReadOptions reading = new ReadOptions();
  private final OptimisticTransactionDB database;
  private final ValueForm<V> form;

  RocksDbStore(Path directory, Shape<V> shape) {
    cache = new LRUCache(shape.roomBytes(OVERHEAD_BYTES));
    form = shape.form();
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setFilterPolicy(filter)
            .setBlockSize(BLOCK_BYTES)
            .setBlockCache(cache)
            .setCacheIndexAndFilterBlocks(true)
            .setPinL0FilterAndIndexBlocksInCache(true);
    options.setCreateIfMissing(true).setTableFormatConfig(table);
    options.setLevelCompactionDynamicLevelBytes(true).setBytesPerSync(1 << 20);
    options.setCompressionType(CompressionType.NO_COMPRESSION);
    try {
      database = OptimisticTransactionDB.open(options, directory.toString());
    } catch (RocksDBException e) {
      throw new IllegalStateException("rocksdb does not open: directory=" + directory, e);
    }
  }

  @Override
  public @Nullable V get(long key) {
    try {
      byte[] found = database.get(bytes(key));
      return found == null ? null : form.fromBytes(found);
    } catch (RocksDBException e) {
      throw failure(key, e);
    }
  }

  @Override
  public void put(long key, V value) {
    try {
      database.put(bytes(key), form.toBytes(value));
    } catch (RocksDBException e) {
      throw failure(key, e);
    }
  }

  @Override
  public void update(long key, UnaryOperator<V> change) {
    try {
      boolean done = false;
      while (!done) {
        done = tryUpdate(bytes(key), change);
      }
    } catch (RocksDBException e) {
      throw failure(key, e);
    }
  }

  private boolean tryUpdate(byte[] key, UnaryOperator<V> change) throws RocksDBException {
    try (Transaction transaction = database.beginTransaction(writing)) {
      byte[] found = transaction.getForUpdate(reading, key, true);
      if (found != null) {
        transaction.put(key, form.toBytes(change.apply(form.fromBytes(found))));
      }
      transaction.commit();
      return true;
    } catch (RocksDBException e) {
      Status status = e.getStatus();
      if (status != null
          && (status.getCode() == Status.Code.Busy || status.getCode() == Status.Code.TryAgain)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void forEach(Consumer<V> visitor) {
    try (RocksIterator entries = database.newIterator()) {
      for (entries.seekToFirst(); entries.isValid(); entries.next()) {
        visitor.accept(form.fromBytes(entries.value()));
      }
    }
  }

  @Override
  public void close() {
    for (RocksObject object :
        new RocksObject[] {database, options, reading, writing, filter, cache}) {
      object.close();
    }
  }

  private static byte[] bytes(long key) {
    return ByteBuffer.allocate(Long.BYTES).putLong(key).array();
  }

  private static IllegalStateException failure(long key, RocksDBException cause) {
    return new IllegalStateException("rocksdb failed: key=" + key, cause);
  }
}
