/**
 * Two JVMs that share one cache, one of which dies. {@link
 * io.pagebook.examples.twojvms.SharedCache} holds all that an application needs to know of
 * Pagebook: the rest is plain JCache.
 */
@NullMarked
package io.pagebook.examples.twojvms;

import org.jspecify.annotations.NullMarked;
