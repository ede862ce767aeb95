package io.pagebook.jcache.settings;

import io.pagebook.jcache.settings.xml.Attribute;
import io.pagebook.jcache.settings.xml.Element;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import javax.cache.CacheException;

/** The templates of a document, each of which may inherit from one other. */
final class Templates {
  static final String ELEMENT = "template";

  private static final int MAX_CHAIN = 32;

  /** Taken over as a whole or not at all: a policy replaces another. */
  private static final Set<String> WHOLE = Set.of("expiry");

  /** Taken over besides those of the heir. */
  private static final Set<String> ADDED = Set.of("listener");

  private final Map<String, Element> templates = new LinkedHashMap<>();

  Templates(Element root) {
    for (Element template : root.children(ELEMENT)) {
      Attribute name = template.required("name");
      Element first = templates.putIfAbsent(name.value(), template);
      if (first != null) {
        throw name.error(
            "template is there twice: line of the first=" + first.line(), "rename one");
      }
    }
  }

  Collection<Element> all() {
    return templates.values();
  }

  /**
   * An element with all that it inherits.
   *
   * @throws CacheException if a template is unknown or inherits from itself
   */
  Element resolve(Element heir) {
    Element resolved = heir;
    Set<String> chain = new LinkedHashSet<>();
    if (heir.name().equals(ELEMENT)) {
      chain.add(heir.required("name").value());
    }
    Attribute parent = heir.attribute(ELEMENT);
    while (parent != null) {
      Element template = templates.get(parent.value());
      if (template == null) {
        throw parent.error(
            "template is not known", "use one of " + templates.keySet() + ", or add it");
      }
      if (!chain.add(parent.value())) {
        throw parent.error("template inherits from itself: chain=" + chain, "cut the chain");
      }
      if (chain.size() > MAX_CHAIN) {
        throw parent.error("templates inherit too often: max=" + MAX_CHAIN, "join some");
      }
      resolved = resolved.over(template, WHOLE, ADDED);
      parent = template.attribute(ELEMENT);
    }
    return resolved;
  }
}
