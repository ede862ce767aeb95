/**
 * The directories that a manager's books lie in, their file names, and the header record of each.
 */
@NullMarked
package io.pagebook.jcache.home;

import org.jspecify.annotations.NullMarked;
