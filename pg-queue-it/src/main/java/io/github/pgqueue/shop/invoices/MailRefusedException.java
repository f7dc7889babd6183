package io.github.pgqueue.shop.invoices;

/** The mail server did not take a mail; it may take it later. */
public final class MailRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MailRefusedException() {
        super("421 the mail server is busy, try again later");
    }
}
