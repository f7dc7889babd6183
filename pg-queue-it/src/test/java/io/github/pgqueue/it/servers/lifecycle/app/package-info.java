/**
 * The application that is redeployed and killed: pushes that write an effect beside, workers that do, and a door to it by
 * HTTP. It runs on servers as a web archive, and on Weld SE behind a door of the test's own.
 */
@NullMarked
package io.github.pgqueue.it.servers.lifecycle.app;

import org.jspecify.annotations.NullMarked;
