package io.pagebook.jcache.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.pagebook.book.RecordBuffer;
import io.pagebook.testing.Seeds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.management.ManagementFactory;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for every object, and for every string of bytes. */
class RandomValuesTest {
  private static final int OBJECTS = 5_000;
  private static final int MUTATIONS = 10_000;

  /** A few times what the longest record here may become, and far below what a length can claim. */
  private static final long MAX_ALLOCATION = 4 << 20;

  private final RecordCodec codec =
      new RecordCodec(
          RandomValuesTest.class.getClassLoader(), ClassRules.allowing(List.of()), null);
  private final RecordBuffer buffer = new RecordBuffer();

  @Test
  void equalObjectsHaveEqualBytesAndComeBackEqual() throws Exception {
    SplittableRandom random = Seeds.random("equal objects have equal bytes");
    Set<Class<?>> classes = new HashSet<>();
    for (int i = 0; i < OBJECTS; i++) {
      Object object = RandomValues.scalar(random);
      classes.add(object.getClass());

      byte[] key = key(object);
      Object back = codec.decodeKey(buffer);
      assertThat(back).isEqualTo(object).hasSameClassAs(object);
      assertThat(key(twin(object))).as("%s", object).isEqualTo(key);

      codec.encodeValue(object, buffer);
      assertThat(buffer.type()).isNotEqualTo(ProviderType.SERIALIZED);
      assertThat(codec.decodeValue(buffer)).isEqualTo(object).hasSameClassAs(object);
    }
    // those of the codecs and String; the two reserved IDs make Integer one of them
    assertThat(classes).hasSize(ProviderType.ZONE_ID - ProviderType.INTEGER + 2);
  }

  @Test
  void differentObjectsHaveDifferentBytes() {
    SplittableRandom random = Seeds.random("different objects have different bytes");
    for (int i = 0; i < OBJECTS; i++) {
      Object one = RandomValues.scalar(random);
      Object other = RandomValues.scalar(random);

      assertThat(Arrays.equals(key(one), key(other)))
          .as("%s and %s", one, other)
          .isEqualTo(one.equals(other));
    }
  }

  /**
   * Any bytes are a value, which can be written again, or unreadable: nothing else, and quickly.
   */
  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void anyBytesAreAValueOrUnreadable() {
    SplittableRandom random = Seeds.random("any bytes are a value or unreadable");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int values = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      mutate(random);
      long allocated = threads.getCurrentThreadAllocatedBytes();
      Object value;
      try {
        value = codec.decodeValue(buffer);
      } catch (UnreadableRecordException e) {
        value = null;
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
      assertThat(allocated).isLessThan(MAX_ALLOCATION);
      if (value != null) {
        values++;
        codec.encodeValue(value, buffer);
      }
    }
    assertThat(values).isBetween(MUTATIONS / 20, MUTATIONS - MUTATIONS / 20);
  }

  /** Fills the buffer with an object's bytes, some of which are no longer what they were. */
  private void mutate(SplittableRandom random) {
    codec.encodeValue(RandomValues.any(random), buffer);
    byte[] bytes = Arrays.copyOf(buffer.value(), buffer.valueLength());
    switch (random.nextInt(5)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 9));
      case 2 -> buffer.setType(random.nextInt(256));
      case 3 -> random.nextBytes(bytes);
      default -> {
        for (int flips = random.nextInt(1, 4); flips > 0 && bytes.length > 0; flips--) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
    }
    buffer.wrapValue(bytes, bytes.length);
  }

  private byte[] key(Object object) {
    codec.encodeKey(object, buffer);
    return Arrays.copyOf(buffer.key(), buffer.keyLength());
  }

  /** An equal object that shares as little as it can with the first. */
  private static Object twin(Object object) throws IOException, ClassNotFoundException {
    if (object instanceof ZoneOffset) {
      return object; // there is one of each
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream output = new ObjectOutputStream(bytes)) {
      output.writeObject(object);
    }
    try (ObjectInputStream input =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return input.readObject();
    }
  }
}
