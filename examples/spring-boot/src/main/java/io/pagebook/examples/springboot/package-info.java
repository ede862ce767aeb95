/** A Spring Boot application whose processes share what {@code @Cacheable} keeps. */
package io.pagebook.examples.springboot;
