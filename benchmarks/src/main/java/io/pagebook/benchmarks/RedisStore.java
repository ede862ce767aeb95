package io.pagebook.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * A Redis server on the loopback interface and Jedis with its pool of connections: what processes
 * of one host share most often. Each operation is one request. An update watches the key and tries
 * again if somebody wrote it.
 */
final class RedisStore<V> implements Store<V> {
  private static final int MOST_IN_BATCH = 1000;
  private static final int BATCH_BYTES = 1 << 24;
  private static final int TIMEOUT_MILLIS = 60_000;
  private static final String USED_MEMORY = "used_memory:";

  private final RedisServer server;
  private final RedisClient client;
  private final ValueForm<V> form;
  private final int batch;
  private final long emptyBytes;

  RedisStore(Path directory, Shape<V> shape) {
    server = new RedisServer(directory);
    client =
        RedisClient.builder()
            .hostAndPort(InetAddress.getLoopbackAddress().getHostAddress(), server.port())
            .clientConfig(DefaultJedisClientConfig.builder().timeoutMillis(TIMEOUT_MILLIS).build())
            .build();
    form = shape.form();
    batch = Math.max(1, Math.min(MOST_IN_BATCH, BATCH_BYTES / shape.valueBytes()));
    emptyBytes = usedBytes();
  }

  @Override
  public @Nullable V get(long key) {
    byte[] found = client.get(bytes(key));
    return found == null ? null : form.fromBytes(found);
  }

  @Override
  public void put(long key, V value) {
    client.set(bytes(key), form.toBytes(value));
  }

  @Override
  public void update(long key, UnaryOperator<V> change) {
    boolean done = false;
    while (!done) {
      done = tryUpdate(bytes(key), change);
    }
  }

  private boolean tryUpdate(byte[] key, UnaryOperator<V> change) {
    try (AbstractTransaction transaction = client.transaction(false)) {
      transaction.watch(key);
      byte[] found = client.get(key);
      if (found == null) {
        return true;
      }
      transaction.multi();
      transaction.set(key, form.toBytes(change.apply(form.fromBytes(found))));
      return transaction.exec() != null;
    }
  }

  @Override
  public void fill(Shape<V> shape) {
    try (Pipeline pipeline = client.pipelined()) {
      for (int n = 1; n <= shape.entries(); n++) {
        pipeline.set(bytes(Workload.key(n)), form.toBytes(shape.initialValue(n)));
        if (n % batch == 0) {
          pipeline.sync();
        }
      }
    }
  }

  @Override
  public void forEach(Consumer<V> visitor) {
    ScanParams some = new ScanParams().count(batch);
    byte[] cursor = ScanParams.SCAN_POINTER_START_BINARY;
    do {
      ScanResult<byte[]> keys = client.scan(cursor, some);
      if (!keys.getResult().isEmpty()) {
        List<byte[]> values = client.mget(keys.getResult().toArray(byte[][]::new));
        values.forEach(value -> visitor.accept(form.fromBytes(value)));
      }
      cursor = keys.getCursorAsBytes();
    } while (!new String(cursor, US_ASCII).equals(ScanParams.SCAN_POINTER_START));
  }

  @Override
  public long bytesElsewhere() {
    return usedBytes() - emptyBytes;
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }

  private long usedBytes() {
    return client
        .info("memory")
        .lines()
        .filter(line -> line.startsWith(USED_MEMORY))
        .mapToLong(line -> Long.parseLong(line.substring(USED_MEMORY.length())))
        .findFirst()
        .orElse(0);
  }

  private static byte[] bytes(long key) {
    return Long.toString(key).getBytes(US_ASCII);
  }
}
