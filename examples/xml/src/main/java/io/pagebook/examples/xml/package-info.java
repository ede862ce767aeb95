/** Plain JCache with all its settings in an XML document. */
package io.pagebook.examples.xml;
