package io.pagebook.examples.hibernate;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;

/**
 * Something on sale. The version matters: with it, a process that has just read an older state from
 * the database never puts that over a newer one in the cache.
 */
@Entity
@Cacheable
@Cache(usage = CacheConcurrencyStrategy.READ_WRITE, region = "products")
public class Product {
  @Id private long id;
  private String name;
  private int cents;
  @Version private int version;

  /** For Hibernate. */
  protected Product() {}

  Product(long id, String name, int cents) {
    this.id = id;
    this.name = name;
    this.cents = cents;
  }

  String name() {
    return name;
  }

  void rename(String newName) {
    name = newName;
  }

  @Override
  public String toString() {
    return "product " + id + ": " + name + ", " + cents + " cents";
  }
}
