package io.pagebook.jcache.settings.xml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * An element of a configuration document. Immutable.
 *
 * @param namespace the URI of its namespace, or the empty string
 * @param name its name without a prefix
 * @param attributes by name, in the order of the document
 * @param children in the order of the document
 * @param location where it begins
 */
public record Element(
    String namespace,
    String name,
    Map<String, Attribute> attributes,
    List<Element> children,
    Location location) {

  public @Nullable Attribute attribute(String attribute) {
    return attributes.get(attribute);
  }

  /** An attribute that the schema requires. */
  public Attribute required(String attribute) {
    Attribute found = attributes.get(attribute);
    if (found == null) {
      throw error("attribute is missing: attribute=" + attribute, "add it");
    }
    return found;
  }

  /**
   * The child of a name, if there is one.
   *
   * @throws CacheException if there are several
   */
  public @Nullable Element child(String child) {
    List<Element> found = children(child);
    if (found.size() > 1) {
      throw found
          .get(1)
          .error("element is there twice: line of the first=" + found.get(0).line(), "keep one");
    }
    return found.isEmpty() ? null : found.get(0);
  }

  public List<Element> children(String child) {
    return children.stream().filter(element -> element.name.equals(child)).toList();
  }

  public int line() {
    return location.line();
  }

  /** The exception for a mistake in this element. */
  public CacheException error(String what, String fix) {
    return location.error(Location.join(what, "element=" + name), fix);
  }

  /**
   * This element with what it leaves out taken from another of its kind: attributes by name,
   * children by name in the same way. Of children in {@code whole} all or none are taken, those in
   * {@code added} come before its own.
   */
  public Element over(Element base, Set<String> whole, Set<String> added) {
    Map<String, Attribute> mergedAttributes = new LinkedHashMap<>(base.attributes);
    mergedAttributes.putAll(attributes);
    List<Element> merged = new ArrayList<>();
    for (Element inherited : base.children) {
      Element own = child(inherited.name, added);
      if (own == null) {
        merged.add(inherited);
      } else if (!whole.contains(inherited.name)) {
        merged.add(own.over(inherited, whole, added));
      }
    }
    for (Element own : children) {
      if (added.contains(own.name)
          || whole.contains(own.name)
          || base.children(own.name).isEmpty()) {
        merged.add(own);
      }
    }
    return new Element(namespace, name, mergedAttributes, List.copyOf(merged), location);
  }

  private @Nullable Element child(String child, Set<String> added) {
    return added.contains(child) ? null : child(child);
  }
}
