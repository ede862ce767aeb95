package io.pagebook.jcache.management;

import java.lang.management.ManagementFactory;
import java.net.URI;
import javax.cache.CacheException;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * One bean of one cache in the platform MBean server, under the name that JSR-107 prescribes. Where
 * two managers have the same URI and different class loaders, the first one's bean stays.
 * Thread-safe.
 */
public final class BeanRegistration {
  /** Characters that an unquoted value cannot hold, or that would make the name a pattern. */
  private static final String REPLACED = "[,:=\n*?\"]";

  private final ObjectName name;
  private final Object bean;
  private boolean registered;
  private boolean retired;

  private BeanRegistration(ObjectName name, Object bean) {
    this.name = name;
    this.bean = bean;
  }

  public static BeanRegistration statistics(URI manager, String cache, StatisticsBean bean) {
    return new BeanRegistration(name("CacheStatistics", manager, cache), bean);
  }

  public static BeanRegistration configuration(URI manager, String cache, ConfigurationBean bean) {
    return new BeanRegistration(name("CacheConfiguration", manager, cache), bean);
  }

  /**
   * Registers the bean or takes it out; nothing if that is done, or the bean is retired.
   *
   * @throws CacheException if the MBean server refuses
   */
  public synchronized void setRegistered(boolean wanted) {
    if (wanted == registered || retired) {
      return;
    }
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      if (wanted) {
        server.registerMBean(bean, name);
        registered = true;
      } else {
        registered = false;
        server.unregisterMBean(name);
      }
    } catch (InstanceAlreadyExistsException | InstanceNotFoundException e) {
      return; // another manager's, or taken out by hand
    } catch (JMException e) {
      throw new CacheException("bean cannot be registered: name=" + name + ", reason=" + e, e);
    }
  }

  /** Takes the bean out for good: its cache is closed. */
  public synchronized void retire() {
    try {
      setRegistered(false);
    } finally {
      retired = true;
    }
  }

  private static ObjectName name(String type, URI manager, String cache) {
    String text =
        "javax.cache:type="
            + type
            + ",CacheManager="
            + manager.toString().replaceAll(REPLACED, ".")
            + ",Cache="
            + cache.replaceAll(REPLACED, ".");
    try {
      return new ObjectName(text);
    } catch (JMException e) {
      throw new CacheException("no name for a bean: name=" + text, e);
    }
  }
}
