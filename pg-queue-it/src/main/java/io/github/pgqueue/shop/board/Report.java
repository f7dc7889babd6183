package io.github.pgqueue.shop.board;

/**
 * What one node has seen and done so far.
 *
 * @param node the process
 * @param ordersSeen how many events its observer got
 * @param straysSeen how many of them were of orders that were never placed
 * @param mailsSent how many mails its mail server has sent
 * @param mailsRefused how many times its mail server has refused a mail
 * @param mostAttempts how many attempts the most unlucky mail took there
 */
public record Report(
        long node, long ordersSeen, long straysSeen, long mailsSent, long mailsRefused, long mostAttempts) {}
