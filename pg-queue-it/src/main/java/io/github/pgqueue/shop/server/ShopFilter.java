package io.github.pgqueue.shop.server;

import io.github.pgqueue.shop.web.SafeHeaders;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;

/** What every request goes through, for the page or for the resources: safe headers, and tables to work on. */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class ShopFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    @Inject
    transient ServerTables tables;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        SafeHeaders.ALL.forEach(response::setHeader);
        try {
            tables.create();
        } catch (SQLException e) {
            System.getLogger(ShopFilter.class.getName())
                    .log(System.Logger.Level.ERROR, "the tables of the shop cannot be created", e);
        }
        chain.doFilter(request, response);
    }
}
