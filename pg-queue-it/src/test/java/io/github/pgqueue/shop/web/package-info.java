/**
 * Tests of the order shop through its door for browsers: by HTTP, and by a real browser. They play against a shop on Weld
 * SE that they start, or with {@code -Dshop.url=http://localhost:8080/order-shop/} against a WAR that runs somewhere.
 */
@NullMarked
package io.github.pgqueue.shop.web;

import org.jspecify.annotations.NullMarked;
