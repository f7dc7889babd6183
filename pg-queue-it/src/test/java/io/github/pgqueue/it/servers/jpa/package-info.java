/** Entities in the transaction of the job: Hibernate in Weld SE and WildFly, EclipseLink in Payara and Open Liberty. */
@NullMarked
package io.github.pgqueue.it.servers.jpa;

import org.jspecify.annotations.NullMarked;
