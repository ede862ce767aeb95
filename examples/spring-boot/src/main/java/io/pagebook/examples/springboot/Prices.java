package io.pagebook.examples.springboot;

import java.math.BigDecimal;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/** Finds out prices, which is slow, and so remembers them for all processes. */
@Service
public class Prices {
  /** The price of something: a letter costs a tenth. */
  @Cacheable("prices")
  public Price of(String item) {
    return price(item, BigDecimal.valueOf(item.length(), 1));
  }

  /** Sets a price by hand. */
  @CachePut(value = "prices", key = "#item")
  public Price set(String item, BigDecimal amount) {
    return price(item, amount);
  }

  /** Forgets a price. */
  @CacheEvict("prices")
  public void forget(String item) {
    // the annotation does it
  }

  private static Price price(String item, BigDecimal amount) {
    return new Price(item, amount, ProcessHandle.current().pid());
  }
}
