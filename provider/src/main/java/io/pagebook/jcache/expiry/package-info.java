/** When an entry expires, by the cache's policy. */
@NullMarked
package io.pagebook.jcache.expiry;

import org.jspecify.annotations.NullMarked;
