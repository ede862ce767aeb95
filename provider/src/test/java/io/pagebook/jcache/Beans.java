package io.pagebook.jcache;

import java.lang.management.ManagementFactory;
import javax.cache.Cache;
import javax.cache.management.CacheMXBean;
import javax.cache.management.CacheStatisticsMXBean;
import javax.management.JMX;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/** The beans of a cache, looked up as a monitoring tool does. */
final class Beans {
  private Beans() {}

  static CacheStatisticsMXBean statistics(Cache<?, ?> cache) {
    return JMX.newMXBeanProxy(
        ManagementFactory.getPlatformMBeanServer(),
        name("CacheStatistics", cache),
        CacheStatisticsMXBean.class);
  }

  static CacheMXBean configuration(Cache<?, ?> cache) {
    return JMX.newMXBeanProxy(
        ManagementFactory.getPlatformMBeanServer(),
        name("CacheConfiguration", cache),
        CacheMXBean.class);
  }

  static boolean isRegistered(String type, Cache<?, ?> cache) {
    return ManagementFactory.getPlatformMBeanServer().isRegistered(name(type, cache));
  }

  /** As the TCK and Micrometer make the name. */
  static ObjectName name(String type, Cache<?, ?> cache) {
    String manager = cache.getCacheManager().getURI().toString();
    try {
      return new ObjectName(
          "javax.cache:type="
              + type
              + ",CacheManager="
              + manager.replaceAll("[,:=\n]", ".")
              + ",Cache="
              + cache.getName().replaceAll("[,:=\n]", "."));
    } catch (MalformedObjectNameException e) {
      throw new IllegalStateException(e);
    }
  }
}
