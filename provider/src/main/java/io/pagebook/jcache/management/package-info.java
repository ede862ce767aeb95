/** Statistics, and the beans of the platform MBean server. */
@NullMarked
package io.pagebook.jcache.management;

import org.jspecify.annotations.NullMarked;
