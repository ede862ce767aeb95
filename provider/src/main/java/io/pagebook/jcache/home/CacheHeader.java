package io.pagebook.jcache.home;

import io.pagebook.book.RecordBuffer;
import io.pagebook.book.RecordStore;
import io.pagebook.jcache.codec.ProviderType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import javax.cache.CacheException;

/**
 * What a cache's book says about the cache: its name and its declared types, in a record of its own
 * under a key that no cache key has. The first process to attach writes it; every later one must
 * declare the same.
 *
 * @param name the cache's name
 * @param keyType the class name of its declared key type
 * @param valueType the class name of its declared value type
 */
public record CacheHeader(String name, String keyType, String valueType) {
  /** Keys start with the number of a codec, and there is no codec 0. */
  private static final byte KEY = 0;

  private static final int VERSION = 1;

  /** Whether a record that was met in the book is its header rather than an entry. */
  public static boolean is(RecordBuffer buffer) {
    return !buffer.keyIsId() && buffer.keyLength() == 1 && buffer.key()[0] == KEY;
  }

  /**
   * Writes the header into a book that has none, or compares.
   *
   * @throws CacheException if the book is another cache's, or one with other types
   */
  public void attach(RecordStore records) {
    RecordBuffer buffer = new RecordBuffer();
    startKey(buffer);
    byte[] bytes = encode();
    buffer.wrapValue(bytes, bytes.length);
    buffer.setType(ProviderType.HEADER);
    if (!records.add(buffer) && records.get(buffer)) {
      compareWith(decode(buffer));
    }
  }

  /** Whether the records of a book include a header, which is no entry of the cache. */
  public static boolean isIn(RecordStore records) {
    RecordBuffer buffer = new RecordBuffer();
    startKey(buffer);
    return records.find(buffer);
  }

  private static void startKey(RecordBuffer buffer) {
    buffer.startKey(1)[0] = KEY;
  }

  private void compareWith(CacheHeader there) {
    if (!there.name.equals(name)) {
      throw new CacheException(
          "book belongs to another cache: cache="
              + name
              + ", owner="
              + there.name
              + "; destroy one of them, or use another directory");
    }
    if (!there.equals(this)) {
      throw new CacheException(
          "book was made with other types: cache="
              + name
              + ", keyType="
              + keyType
              + ", valueType="
              + valueType
              + ", its keyType="
              + there.keyType
              + ", its valueType="
              + there.valueType
              + "; declare the same types in all processes, or destroy the cache first");
    }
  }

  private byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream output = new DataOutputStream(bytes)) {
      output.writeByte(VERSION);
      for (String field : new String[] {name, keyType, valueType}) {
        output.writeInt(field.length());
        output.writeChars(field);
      }
    } catch (IOException e) {
      throw new CacheException("header cannot be encoded: cache=" + name, e);
    }
    return bytes.toByteArray();
  }

  private CacheHeader decode(RecordBuffer buffer) {
    try (DataInputStream input =
        new DataInputStream(new ByteArrayInputStream(buffer.value(), 0, buffer.valueLength()))) {
      int version = input.readUnsignedByte();
      if (buffer.type() != ProviderType.HEADER || version != VERSION) {
        throw new CacheException(
            "book was made by a version of Pagebook that this one does not know: cache="
                + name
                + ", headerVersion="
                + version
                + "; use that version in all processes, or destroy the cache first");
      }
      return new CacheHeader(readString(input), readString(input), readString(input));
    } catch (IOException e) {
      throw new CacheException(
          "header of the book cannot be read: cache=" + name + "; destroy the cache", e);
    }
  }

  private static String readString(DataInputStream input) throws IOException {
    int length = input.readInt();
    if (length < 0 || length > input.available() / Character.BYTES) {
      throw new IOException("string is longer than the header: length=" + length);
    }
    StringBuilder characters = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      characters.append(input.readChar());
    }
    return characters.toString();
  }
}
