/**
 * Operations of several processes on few keys, recorded, and the check that they have a legal
 * order.
 */
package io.pagebook.stress.history;
