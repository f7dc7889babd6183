package io.github.pgqueue.shop.web;

/** An answer of the shop, a record that is sent as a JSON object. Amounts of money are strings, in plain decimals. */
interface JsonView {}
