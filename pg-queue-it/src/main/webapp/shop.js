// The page of the order shop: each module looks after one card.
import "./board.js";
import "./orders.js";
import "./prices.js";
import "./queues.js";
import "./quotes.js";
