package io.pagebook.jcache.settings.xml;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.cache.CacheException;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.ValidatorHandler;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.AttributesImpl;

/**
 * Holds a tree, placeholders expanded, against the schema in the jar, by handing it to the JDK's
 * validator event by event; so the element that a complaint is about is always known.
 */
final class SchemaCheck implements ErrorHandler {
  private static final String NAMESPACE = "urn:pagebook:config:1";

  static final String RESOURCE = "/io/pagebook/jcache/pagebook-config-1.xsd";
  private static final String ROOT = "pagebook";

  /** A property of the JDK's validator: without it messages are in the default locale. */
  private static final String LOCALE_PROPERTY = "http://apache.org/xml/properties/locale";

  private static final Pattern QUOTED = Pattern.compile("'([^']*)'");
  private static final Pattern EXPECTED = Pattern.compile("\":([a-z-]+)");

  private final ValidatorHandler validator;
  private final List<String> complaints = new ArrayList<>();

  private SchemaCheck() throws SAXException {
    validator = Holder.SCHEMA.newValidatorHandler();
    validator.setProperty(LOCALE_PROPERTY, Locale.ROOT);
    validator.setErrorHandler(this);
  }

  /**
   * Checks a document.
   *
   * @throws CacheException for the first mistake
   */
  static void check(Element root) {
    if (!root.name().equals(ROOT) || !root.namespace().equals(NAMESPACE)) {
      throw root.error(
          "root element is not that of a configuration: namespace="
              + Location.shown(root.namespace()),
          "use <" + ROOT + " xmlns=\"" + NAMESPACE + "\">");
    }
    try {
      SchemaCheck check = new SchemaCheck();
      check.validator.startDocument();
      check.visit(root, root);
      check.validator.endDocument();
    } catch (SAXException e) {
      throw root.location()
          .error("document cannot be validated: reason=" + e.getMessage(), "correct it", e);
    }
  }

  private void visit(Element element, Element parent) throws SAXException {
    AttributesImpl attributes = new AttributesImpl();
    for (Attribute attribute : element.attributes().values()) {
      attributes.addAttribute("", attribute.name(), attribute.name(), "CDATA", attribute.value());
    }
    validator.startElement(element.namespace(), element.name(), element.name(), attributes);
    throwIfRefused(element, parent);
    for (Element child : element.children()) {
      visit(child, element);
    }
    validator.endElement(element.namespace(), element.name(), element.name());
    throwIfRefused(element, parent);
  }

  private void throwIfRefused(Element element, Element parent) {
    if (!complaints.isEmpty()) {
      // what a type says about a value comes before what the attribute says
      throw complaints.stream()
          .filter(complaint -> complaint.startsWith("cvc-attribute.3"))
          .findFirst()
          .map(complaint -> valueError(complaint, element))
          .orElseGet(() -> structureError(complaints.get(0), element, parent));
    }
  }

  private static CacheException valueError(String complaint, Element element) {
    List<String> quoted = groups(QUOTED, complaint);
    String type = quoted.get(quoted.size() - 1);
    for (Attribute attribute : element.attributes().values()) {
      if (complaint.contains("attribute '" + attribute.name() + "'")) {
        return ValueType.ofSchema(type)
            .map(attribute::invalid)
            .orElseGet(() -> attribute.error("value is not valid", "see type " + type));
      }
    }
    return element.error("value is not valid: reason=" + complaint, "correct it");
  }

  private static CacheException structureError(String complaint, Element element, Element parent) {
    String code = complaint.substring(0, Math.max(0, complaint.indexOf(": ")));
    int list = complaint.indexOf("One of");
    String expected = String.join(", ", groups(EXPECTED, complaint.substring(Math.max(0, list))));
    String quoted = groups(QUOTED, complaint).stream().findFirst().orElse("");
    return switch (code) {
      case "cvc-complex-type.2.4.a" ->
          element.error(
              "element is not known here: parent=" + parent.name(), "use one of " + expected);
      case "cvc-complex-type.2.1" ->
          element.error("element has children", "give it attributes only");
      case "cvc-complex-type.2.4.d", "cvc-complex-type.2.4.e" ->
          element.error("element is not allowed here: parent=" + parent.name(), "remove it");
      case "cvc-complex-type.2.4.b" ->
          element.error("element lacks content: expected=" + expected, "add one of these");
      case "cvc-complex-type.3.2.2" ->
          Objects.requireNonNullElseGet(
                  element.attribute(quoted), () -> element.attributes().values().iterator().next())
              .error("attribute is not known", knownAttributes(element.name()));
      case "cvc-complex-type.4" ->
          element.error("attribute is missing: attribute=" + quoted, "add it");
      default ->
          element.error(
              "document does not fit the schema: reason=" + Location.shown(complaint),
              "see pagebook-config-1.xsd in the jar");
    };
  }

  private static String knownAttributes(String element) {
    List<String> known = SchemaNames.attributesOf(element);
    return known.isEmpty() ? "remove it" : "use one of " + String.join(", ", known);
  }

  private static List<String> groups(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult match) -> match.group(1)).toList();
  }

  @Override
  public void warning(SAXParseException e) {
    // nothing that would make a document wrong
  }

  @Override
  public void error(SAXParseException e) {
    complaints.add(String.valueOf(e.getMessage()));
  }

  @Override
  public void fatalError(SAXParseException e) {
    error(e);
  }

  /**
   * The schema's text.
   *
   * @throws IOException if it cannot be read
   */
  static InputStream open() throws IOException {
    URL schema = Objects.requireNonNull(SchemaCheck.class.getResource(RESOURCE), RESOURCE);
    URLConnection connection = schema.openConnection();
    connection.setUseCaches(false); // which would keep the jar open after it is unloaded
    return connection.getInputStream();
  }

  /** The schema, parsed when first needed. */
  private static final class Holder {
    static final Schema SCHEMA = load();

    private static Schema load() {
      SchemaFactory factory = SchemaFactory.newDefaultInstance();
      try (InputStream input = open()) {
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
        return factory.newSchema(new StreamSource(input));
      } catch (SAXException | IOException e) {
        throw new IllegalStateException("schema cannot be read: schema=" + RESOURCE, e);
      }
    }
  }
}
