package io.pagebook.jcache.settings.xml;

import java.util.Arrays;
import java.util.Optional;

/** The types of values, as the schema names them, and how one is written. */
public enum ValueType {
  BOOLEAN("boolean", "true or false"),
  CLASS("class", "the full name of a class, as com.acme.Order, com.acme.Shop$Order or byte[]"),
  CLASS_PATTERN(
      "classPattern", "a.b.Class, a.b.* for a package, or a.b.** for a package and those below it"),
  COUNT("count", "a whole number from 0 to 2147483647"),
  DURATION("duration", "a number with ms, s, m, h or d, as 10s, or ISO 8601, as PT10S"),
  FORCE("force", "never, every-write, or a duration as 10s"),
  LABEL("label", "1 to 64 letters, digits, dots, hyphens and underscores, with no dot in front"),
  NAME("name", "a name of at least one character"),
  ON_FULL("onFull", "fail or evict"),
  PLACEMENT("placement", "memory or disk"),
  SIZE("size", "a number of bytes, or one with KiB, MiB, GiB or TiB, as 64MiB");

  private final String schemaName;
  private final String hint;

  ValueType(String schemaName, String hint) {
    this.schemaName = schemaName;
    this.hint = hint;
  }

  static Optional<ValueType> ofSchema(String schemaName) {
    return Arrays.stream(values()).filter(type -> type.schemaName.equals(schemaName)).findFirst();
  }

  /** How a value of this type is written. */
  public String hint() {
    return hint;
  }
}
