package io.pagebook.examples.hibernate;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Scanner;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.stat.Statistics;

/**
 * One of the JVMs: an ordinary Hibernate application that is told on standard input what to do, and
 * says after each step how often it asked the database.
 */
final class Branch {
  /** Held, or the setting would go with it. */
  private static final Logger HIBERNATE = Logger.getLogger("org.hibernate");

  private final SessionFactory sessions;
  private final Statistics statistics;

  private Branch(SessionFactory sessions) {
    this.sessions = sessions;
    statistics = sessions.getStatistics();
    statistics.setStatisticsEnabled(true);
  }

  /** Takes the URL of the database. */
  public static void main(String[] args) {
    HIBERNATE.setLevel(Level.SEVERE); // it warns of its own connection pool
    Configuration configuration =
        new Configuration()
            .addAnnotatedClass(Product.class)
            .setProperty("hibernate.connection.url", args[0])
            .setProperty("hibernate.connection.username", "sa")
            .setProperty("hibernate.hbm2ddl.auto", args.length > 1 ? args[1] : "none")
            .setProperty("hibernate.cache.use_second_level_cache", "true")
            .setProperty("hibernate.cache.use_query_cache", "true")
            .setProperty("hibernate.cache.region.factory_class", "jcache")
            .setProperty(
                "hibernate.javax.cache.provider", "io.pagebook.jcache.PageBookCachingProvider")
            .setProperty("hibernate.javax.cache.uri", "caches.xml")
            .setProperty("hibernate.javax.cache.missing_cache_strategy", "create");
    try (SessionFactory sessions = configuration.buildSessionFactory();
        Scanner commands = new Scanner(System.in, StandardCharsets.UTF_8)) {
      Branch branch = new Branch(sessions);
      System.out.println("ready");
      while (commands.hasNextLine()) {
        System.out.println(branch.run(commands.nextLine()));
      }
    }
  }

  private String run(String command) {
    String[] words = command.split(" ", 3);
    long statements = statistics.getPrepareStatementCount();
    String answer =
        switch (words[0]) {
          case "add" -> add(Long.parseLong(words[1]), words[2]);
          case "show" -> show(Long.parseLong(words[1]));
          case "rename" -> rename(Long.parseLong(words[1]), words[2]);
          case "list" -> list(Integer.parseInt(words[1]));
          default -> throw new IllegalArgumentException("unknown command: " + command);
        };
    return answer + " (statements=" + (statistics.getPrepareStatementCount() - statements) + ")";
  }

  private String add(long id, String name) {
    Product product = new Product(id, name, name.length() * 10);
    sessions.inTransaction(session -> session.persist(product));
    return "added " + product;
  }

  private String show(long id) {
    return sessions.fromTransaction(session -> String.valueOf(session.find(Product.class, id)));
  }

  private String rename(long id, String name) {
    sessions.inTransaction(session -> session.find(Product.class, id).rename(name));
    return "renamed product " + id + " to " + name;
  }

  private String list(int most) {
    return sessions.fromTransaction(
        session -> {
          List<Product> products =
              session
                  .createSelectionQuery(
                      "from Product p where p.cents <= :most order by p.id", Product.class)
                  .setParameter("most", most)
                  .setCacheable(true)
                  .getResultList();
          return products.stream()
              .map(Product::name)
              .collect(Collectors.joining(", ", "up to " + most + " cents: ", ""));
        });
  }
}
