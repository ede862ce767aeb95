package io.pagebook.jcache.codec;

import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which classes may be deserialised from a book, as an allow-list: value types and collections of
 * the JDK, the classes that a cache's declared types name in their fields, and what the
 * configuration adds. Immutable and thread-safe.
 */
/*
 * Packages of the JDK are not trusted as a whole: java.net.URL looks its host up when hashed, java.lang.reflect
 * and java.lang.invoke make calls. So the list below names packages that hold nothing but values and
 * collections, and single classes elsewhere.
 */
public final class ClassRules {
  /** Nothing is refused: for bytes that only this process writes and reads. */
  public static final ClassRules ANY = new ClassRules(Set.of(), List.of(), true);

  private static final Set<String> JDK_PACKAGES =
      Set.of(
          "java.math",
          "java.time",
          "java.time.chrono",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "java.util.concurrent.locks");

  private static final Set<String> CLASSES =
      Set.of(
          // interfaces, as what arrays are of
          "java.io.Serializable",
          "java.lang.CharSequence",
          "java.lang.Comparable",
          "java.lang.Boolean",
          "java.lang.Byte",
          "java.lang.Character",
          "java.lang.Double",
          "java.lang.Enum",
          "java.lang.Float",
          "java.lang.Integer",
          "java.lang.Long",
          "java.lang.Number",
          "java.lang.Object",
          "java.lang.Short",
          "java.lang.String",
          "java.lang.StringBuffer",
          "java.lang.StringBuilder",
          "java.net.URI",
          "java.sql.Date",
          "java.sql.Time",
          "java.sql.Timestamp",
          "java.time.Ser",
          // what Spring's cache abstraction puts into any cache: a null, and a key of several parts
          "org.springframework.cache.interceptor.SimpleKey",
          "org.springframework.cache.support.NullValue",
          // the time zone of a java.util.Calendar
          "sun.util.calendar.ZoneInfo");

  private final Set<String> declared;
  private final List<String> patterns;
  private final boolean any;
  private final ClassValue<Boolean> verdicts =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return judge(type);
        }
      };

  private ClassRules(Set<String> declared, List<String> patterns, boolean any) {
    this.declared = declared;
    this.patterns = patterns;
    this.any = any;
  }

  /**
   * The built-in list and what the application adds to it.
   *
   * @param patterns {@code a.b.C} for a class, {@code a.b.*} for a package, {@code a.b.**} for a
   *     package and those below it
   * @throws IllegalArgumentException if a pattern is none of these
   */
  public static ClassRules allowing(List<String> patterns) {
    patterns.forEach(ClassRules::check);
    return new ClassRules(Set.of(), List.copyOf(patterns), false);
  }

  /**
   * These rules, and the classes that the fields of {@code types} name, directly or through each
   * other.
   */
  public ClassRules with(Class<?>... types) {
    if (any) {
      return this;
    }
    Set<String> named = ConcurrentHashMap.newKeySet();
    named.addAll(declared);
    Set<Type> seen = new HashSet<>();
    for (Class<?> type : types) {
      collect(type, named, seen);
    }
    return new ClassRules(named, patterns, false);
  }

  /** Whether nothing is refused. */
  boolean permitsAll() {
    return any;
  }

  boolean permits(Class<?> type) {
    return any || verdicts.get(type);
  }

  private boolean judge(Class<?> type) {
    Class<?> element = type;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    String name = element.getName();
    return element.isPrimitive()
        || CLASSES.contains(name)
        || (JDK_PACKAGES.contains(element.getPackageName()) && element.getClassLoader() == null)
        || declared.contains(name)
        || patterns.stream().anyMatch(pattern -> matches(pattern, name));
  }

  private static boolean matches(String pattern, String name) {
    if (pattern.endsWith(".**")) {
      return name.startsWith(pattern.substring(0, pattern.length() - 2));
    }
    if (pattern.endsWith(".*")) {
      int prefix = pattern.length() - 1;
      return name.startsWith(pattern.substring(0, prefix)) && name.indexOf('.', prefix) < 0;
    }
    return name.equals(pattern);
  }

  private static void check(String pattern) {
    String name = pattern.replaceFirst("\\.\\*{1,2}$", "");
    boolean valid = !name.isEmpty();
    for (String part : name.split("\\.", -1)) {
      valid &= isIdentifier(part);
    }
    if (!valid) {
      throw new IllegalArgumentException(
          "not a pattern of classes: pattern="
              + pattern
              + "; use a.b.Class, a.b.* for a package, or a.b.** for all below it");
    }
  }

  private static boolean isIdentifier(String part) {
    return !part.isEmpty()
        && Character.isJavaIdentifierStart(part.charAt(0))
        && part.chars().allMatch(Character::isJavaIdentifierPart);
  }

  private static void collect(Type type, Set<String> named, Set<Type> seen) {
    if (!seen.add(type)) {
      return;
    }
    if (type instanceof ParameterizedType parameterized) {
      collect(parameterized.getRawType(), named, seen);
      for (Type argument : parameterized.getActualTypeArguments()) {
        collect(argument, named, seen);
      }
    } else if (type instanceof GenericArrayType array) {
      collect(array.getGenericComponentType(), named, seen);
    } else if (type instanceof WildcardType wildcard) {
      for (Type bound : wildcard.getUpperBounds()) {
        collect(bound, named, seen);
      }
    } else if (type instanceof TypeVariable<?> variable) {
      for (Type bound : variable.getBounds()) {
        collect(bound, named, seen);
      }
    } else if (type instanceof Class<?> raw) {
      collectClass(raw, named, seen);
    }
  }

  private static void collectClass(Class<?> type, Set<String> named, Set<Type> seen) {
    if (type.isArray()) {
      collect(type.getComponentType(), named, seen);
    } else if (!type.isPrimitive() && !type.getName().startsWith("java.")) {
      named.add(type.getName());
      try {
        collectNamed(type, named, seen);
      } catch (TypeNotPresentException | NoClassDefFoundError e) {
        return; // what is not there cannot be read either
      }
    }
  }

  private static void collectNamed(Class<?> type, Set<String> named, Set<Type> seen) {
    if (type.getGenericSuperclass() != null) {
      collect(type.getGenericSuperclass(), named, seen);
    }
    for (Field field : type.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())) {
        collect(field.getGenericType(), named, seen);
      }
    }
  }
}
