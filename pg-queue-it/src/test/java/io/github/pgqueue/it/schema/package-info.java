/** The SQL contract, by the real psql and the packed SQL, and what Java does about the schema. */
@NullMarked
package io.github.pgqueue.it.schema;

import org.jspecify.annotations.NullMarked;
