package io.pagebook.jcache.settings;

import io.pagebook.jcache.settings.xml.Attribute;
import io.pagebook.jcache.settings.xml.Element;
import org.jspecify.annotations.Nullable;

/** What the schema has and this version does not do yet: refused rather than ignored. */
final class NotSupported {
  private NotSupported() {}

  static void refuseInCache(Element cache) {
    Element nearCache = cache.child("near-cache");
    if (nearCache != null) {
      throw nearCache.error("not supported yet", "remove it");
    }
    Element codec = cache.child("codec");
    if (codec != null && !codec.required("name").value().equals("java")) {
      refuse(codec.attribute("name"), "use java");
    }
  }

  private static void refuse(@Nullable Attribute attribute, String fix) {
    if (attribute != null) {
      throw attribute.error("not supported yet", fix);
    }
  }
}
