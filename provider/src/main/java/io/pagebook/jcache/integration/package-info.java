/** Cache loaders and writers, with their exceptions made uniform. */
@NullMarked
package io.pagebook.jcache.integration;

import org.jspecify.annotations.NullMarked;
