/** Hibernate's second-level and query cache, shared by two JVMs on one database. */
package io.pagebook.examples.hibernate;
