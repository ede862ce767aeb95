package io.pagebook.examples.springboot;

import java.io.Serial;
import java.io.Serializable;
import java.math.BigDecimal;

/**
 * What something costs.
 *
 * @param item what
 * @param amount how much
 * @param computedBy the process that found it out
 */
public record Price(String item, BigDecimal amount, long computedBy) implements Serializable {
  @Serial private static final long serialVersionUID = 1L;
}
