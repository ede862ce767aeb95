package io.pagebook.jcache.settings;

import io.pagebook.jcache.codec.ClassRules;
import io.pagebook.jcache.home.UserDirectory;
import io.pagebook.jcache.settings.xml.Attribute;
import io.pagebook.jcache.settings.xml.Element;
import io.pagebook.jcache.settings.xml.ValueType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/** Makes a manager's settings of its document. */
final class DocumentSettings {
  private final Element root;
  private final Templates templates;
  private final ClassLoader loader;

  private DocumentSettings(Element root, ClassLoader loader) {
    this.root = root;
    this.loader = loader;
    templates = new Templates(root);
  }

  /**
   * Reads the root of a document.
   *
   * @param allowed patterns of classes that may be deserialised besides those in the document
   * @param codec the value codec of caches that name none
   * @throws CacheException for the first mistake
   */
  static ManagerSettings read(
      Element root, ClassLoader loader, List<String> allowed, String codec) {
    return new DocumentSettings(root, loader).read(allowed, codec);
  }

  private ManagerSettings read(List<String> allowed, String codec) {
    Path directory = directory();
    ClassRules rules = classRules(allowed);
    CacheReader reader = new CacheReader(loader, directory == null ? ClassRules.ANY : rules, codec);
    for (Element template : templates.all()) {
      reader.check(templates.resolve(template));
    }
    Element defaultCache = root.child("default-cache");
    CacheSettings defaults =
        defaultCache == null
            ? CacheSettings.ofDefaults(reader.classRules(), codec)
            : reader.settings(templates.resolve(defaultCache));
    Element byReference = root.child("store-by-reference");
    return new ManagerSettings(
        directory,
        defaults,
        caches(reader),
        byReference != null && byReference.required("accept").asBoolean());
  }

  private Map<String, NamedCache> caches(CacheReader reader) {
    Map<String, NamedCache> caches = new LinkedHashMap<>();
    for (Element element : root.children("cache")) {
      NamedCache cache = reader.read(templates.resolve(element));
      NamedCache first = caches.putIfAbsent(cache.name(), cache);
      if (first != null) {
        throw element
            .required("name")
            .error(
                "cache is there twice: line of the first=" + first.location().line(), "rename one");
      }
    }
    return caches;
  }

  /** Where the books lie; null if they are private. */
  private @Nullable Path directory() {
    Element shared = root.child("directory");
    Element own = root.child("private");
    if (shared != null && own != null) {
      Element second = shared.line() > own.line() ? shared : own;
      throw second.error("books lie in two places", "keep one of directory and private");
    }
    if (shared == null) {
      if (own == null) {
        throw root.error(
            "books lie nowhere",
            "add <directory path=\"...\"/>, which processes share, or <private/>");
      }
      return null;
    }
    Path base = base(shared);
    Attribute schema = shared.attribute("schema");
    return schema == null ? base : base.resolve("schema=" + label(schema));
  }

  private static Path base(Element directory) {
    Attribute path = directory.attribute("path");
    Attribute placement = directory.attribute("placement");
    Attribute name = directory.attribute("name");
    if (path != null && (placement != null || name != null)) {
      throw path.error("directory has a path and a placement", "keep one");
    }
    if (path != null) {
      return absolute(path);
    }
    if (placement == null) {
      throw directory.error(
          "directory has no path", "add path=\"...\", or placement=\"memory\" and a name");
    }
    String label = label(directory.required("name"));
    try {
      return in(placement, label);
    } catch (CacheException e) {
      throw placement.error(
          "placement is not possible: reason=" + e.getMessage(), "use a path instead", e);
    }
  }

  private static Path in(Attribute placement, String label) {
    return switch (placement.value()) {
      case "memory" -> UserDirectory.inMemory(label);
      case "disk" -> UserDirectory.onDisk(label);
      default -> throw placement.invalid(ValueType.PLACEMENT); // ${...}, taken literally
    };
  }

  private static Path absolute(Attribute attribute) {
    try {
      Path path = Path.of(attribute.value());
      if (!path.isAbsolute()) {
        throw attribute.error(
            "path is not absolute",
            "write ${user.dir}/... for the working directory, ${java.io.tmpdir}/... or the like");
      }
      return path.normalize();
    } catch (InvalidPathException e) {
      throw attribute.error("path is not valid: reason=" + e.getReason(), "correct it", e);
    }
  }

  /** A label as the schema has it; a dollar sign in one is a literal that must not be there. */
  private static String label(Attribute attribute) {
    if (attribute.value().indexOf('$') >= 0) {
      throw attribute.invalid(ValueType.LABEL);
    }
    return attribute.value();
  }

  private ClassRules classRules(List<String> allowed) {
    List<String> patterns = new ArrayList<>(allowed);
    for (Element allow : root.children("allow")) {
      Attribute pattern = allow.required("class");
      try {
        ClassRules.allowing(List.of(pattern.value()));
      } catch (IllegalArgumentException e) {
        throw pattern.invalid(ValueType.CLASS_PATTERN);
      }
      patterns.add(pattern.value());
    }
    return ClassRules.allowing(patterns);
  }
}
