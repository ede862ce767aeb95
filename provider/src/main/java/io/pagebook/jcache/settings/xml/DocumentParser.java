package io.pagebook.jcache.settings.xml;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Makes a tree of a document with the JDK's own parser, whichever others are on the class path. A
 * DTD is refused, so that there are no entities but the five of XML, and nothing from outside is
 * read.
 */
final class DocumentParser {
  private static final int MAX_DEPTH = 16;

  private final String file;
  private final Placeholders placeholders;
  private final Deque<Element> open = new ArrayDeque<>();
  private @Nullable Element root;

  DocumentParser(String file, Placeholders placeholders) {
    this.file = file;
    this.placeholders = placeholders;
  }

  Element parse(byte[] bytes) {
    XMLStreamReader reader = null;
    try {
      reader = factory().createXMLStreamReader(new ByteArrayInputStream(bytes));
      while (reader.hasNext()) {
        int before = reader.getLocation().getLineNumber();
        int event = reader.next();
        // an event begins where the one before ended; white space before the root is no event,
        // though
        int line = root == null ? reader.getLocation().getLineNumber() : before;
        read(reader, event, line);
      }
    } catch (XMLStreamException e) {
      throw malformed(e);
    } finally {
      close(reader);
    }
    if (root == null) {
      throw new IllegalStateException("document without a root was accepted: file=" + file);
    }
    return root;
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }

  private void read(XMLStreamReader reader, int event, int line) {
    switch (event) {
      case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
          throw at(line).error("document has a DTD", "remove <!DOCTYPE ...> and its entities");
      case XMLStreamConstants.START_ELEMENT -> start(reader, at(line));
      case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text(reader, line);
      case XMLStreamConstants.END_ELEMENT -> open.pop();
      default -> {
        // comments and processing instructions say nothing
      }
    }
  }

  private void start(XMLStreamReader reader, Location location) {
    String name = reader.getLocalName();
    if (open.size() == MAX_DEPTH) {
      throw location.error(
          "elements are nested too deep: element="
              + Location.shown(name)
              + ", maxDepth="
              + MAX_DEPTH,
          "take them out");
    }
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      String namespace = reader.getAttributeNamespace(i);
      Attribute attribute =
          new Attribute(
              name, reader.getAttributeLocalName(i), reader.getAttributeValue(i), location);
      if (namespace == null || namespace.isEmpty()) {
        attributes.put(attribute.name(), placeholders.expand(attribute));
      } else if (!isSchemaHint(namespace, attribute.name())) {
        throw attribute.error(
            "attribute of a foreign namespace: namespace=" + Location.shown(namespace),
            "remove it");
      }
    }
    Element parent = open.peek();
    String namespace = reader.getNamespaceURI();
    Element element =
        new Element(
            namespace == null ? "" : namespace,
            name,
            Collections.unmodifiableMap(attributes),
            new ArrayList<>(),
            location);
    if (parent == null) {
      root = element;
    } else {
      parent.children().add(element);
    }
    open.push(element);
  }

  /** Editors want to know where a schema is; we have our own. */
  private static boolean isSchemaHint(String namespace, String name) {
    return namespace.equals(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI)
        && (name.equals("schemaLocation") || name.equals("noNamespaceSchemaLocation"));
  }

  private void text(XMLStreamReader reader, int line) {
    String text = reader.getText();
    String stripped = text.strip();
    if (!stripped.isEmpty()) {
      long before =
          text.substring(0, text.indexOf(stripped)).chars().filter(c -> c == '\n').count();
      throw at(line + (int) before)
          .error(
              "text is not allowed: text=" + Location.shown(stripped),
              "give values as attributes, or make it a comment");
    }
  }

  private Location at(int line) {
    return new Location(file, line);
  }

  private RuntimeException malformed(XMLStreamException e) {
    int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNumber());
    String reason =
        String.valueOf(e.getMessage()).replaceFirst("(?s)^ParseError at .*?Message: ", "");
    return at(line)
        .error(
            "document is not well-formed XML: reason=" + Location.shown(reason.strip()),
            "correct it there",
            e);
  }

  private static void close(@Nullable XMLStreamReader reader) {
    if (reader != null) {
      try {
        reader.close();
      } catch (XMLStreamException e) {
        throw new IllegalStateException("parser of bytes in memory cannot be closed", e);
      }
    }
  }
}
