/** What operators see of the library in each environment. */
@NullMarked
package io.github.pgqueue.it.servers.observe;

import org.jspecify.annotations.NullMarked;
