/** What works where: the table in the README, held against what the tests of package servers have proved. */
@NullMarked
package io.github.pgqueue.it.servers.features;

import org.jspecify.annotations.NullMarked;
