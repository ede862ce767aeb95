/** Listeners, their events, and the order in which they hear of them. */
@NullMarked
package io.pagebook.jcache.event;

import org.jspecify.annotations.NullMarked;
