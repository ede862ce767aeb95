package io.pagebook.kryo;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.sql.Timestamp;

/** A timestamp to the nanosecond, of which Kryo's default forgets six digits. */
final class TimestampSerializer extends Serializer<Timestamp> {
  @Override
  @SuppressWarnings("JavaUtilDate") // applications still cache them
  public void write(Kryo kryo, Output output, Timestamp timestamp) {
    output.writeLong(timestamp.getTime());
    output.writeInt(timestamp.getNanos());
  }

  @Override
  public Timestamp read(Kryo kryo, Input input, Class<? extends Timestamp> type) {
    Timestamp timestamp = new Timestamp(input.readLong());
    timestamp.setNanos(input.readInt());
    return timestamp;
  }
}
