package io.pagebook.kryo;

import com.esotericsoftware.kryo.kryo5.util.Util;

/** Keeps Kryo off {@code sun.misc.Unsafe}, which Java 24 and later warn about on standard error. */
final class UnsafeSwitch {
  private static final String PROPERTY = "kryo.unsafe";

  private UnsafeSwitch() {}

  /*
   * Kryo reads the property once, when its class Util is initialised. The property is shared with Kryos of other
   * packages in the JVM, which are the application's business, so it goes back to what it was. Without effect if the
   * application has used this same Kryo before.
   */
  static void off() {
    if (System.getProperty(PROPERTY) != null) {
      return; // the application has decided
    }
    System.setProperty(PROPERTY, "false");
    try {
      Util.isUnsafeAvailable();
    } finally {
      System.clearProperty(PROPERTY);
    }
  }
}
