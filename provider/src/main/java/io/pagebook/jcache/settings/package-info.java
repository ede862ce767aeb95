/** What a manager and its caches are made with, as immutable records. */
@NullMarked
package io.pagebook.jcache.settings;

import org.jspecify.annotations.NullMarked;
