/** Hours of churn, after which everything is as large as it was. */
package io.pagebook.stress.soak;
