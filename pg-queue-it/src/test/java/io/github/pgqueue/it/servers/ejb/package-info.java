/** Enterprise beans, which Weld SE does not have. They are classes of their own, because a server takes no nested ones. */
@NullMarked
package io.github.pgqueue.it.servers.ejb;

import org.jspecify.annotations.NullMarked;
