package io.pagebook.jcache.shop;

import java.io.Serializable;

/** What the shop of the sample configuration keeps. */
public record Order(long id, int cents) implements Serializable {
  private static final long serialVersionUID = 1L;
}
