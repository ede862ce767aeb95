/**
 * JSR-107 caches in books: files that all JVMs of a host map and share. Applications use {@link
 * javax.cache.Caching}; the classes here are what its interfaces {@code unwrap} to.
 */
@NullMarked
package io.pagebook.jcache;

import org.jspecify.annotations.NullMarked;
