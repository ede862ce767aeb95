package io.pagebook.examples.springboot;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;

/**
 * A shop that takes commands on standard input. Start it in two terminals: what one of them found
 * out or set, the other one knows.
 */
@SpringBootApplication
@EnableCaching
public class Shop {
  private static final String USAGE =
      "commands: price ITEM, set ITEM AMOUNT, forget ITEM; end of input ends the shop";

  /** Takes nothing but what Spring Boot takes. */
  public static void main(String[] args) {
    SpringApplication.run(Shop.class, args).close();
  }

  /** Answers commands, a line each. */
  @Bean
  CommandLineRunner counter(Prices prices) {
    return arguments -> {
      System.out.println("open as process " + ProcessHandle.current().pid() + "; " + USAGE);
      try (Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8)) {
        while (lines.hasNextLine()) {
          System.out.println(answer(lines.nextLine().strip(), prices));
        }
      }
    };
  }

  private static String answer(String line, Prices prices) {
    String[] words = line.split("\\s+", 3);
    return switch (words[0] + "/" + words.length) {
      case "price/2" -> told(prices.of(words[1]));
      case "set/3" -> told(prices.set(words[1], new BigDecimal(words[2])));
      case "forget/2" -> {
        prices.forget(words[1]);
        yield "forgotten: " + words[1];
      }
      default -> "not understood: " + line + "; " + USAGE;
    };
  }

  private static String told(Price price) {
    return price.item() + " costs " + price.amount() + ", says process " + price.computedBy();
  }
}
