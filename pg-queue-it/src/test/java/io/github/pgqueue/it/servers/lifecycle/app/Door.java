package io.github.pgqueue.it.servers.lifecycle.app;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The door by HTTP: pushes what it is told to, or says which deployment it is. */
@WebServlet("/door")
public class Door extends HttpServlet {

    /** The parameter that names what is pushed. */
    public static final String PUSH = "push";

    private static final long serialVersionUID = 1;

    @Inject
    private transient Clerk clerk;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String what = request.getParameter(PUSH);
        if (what == null) {
            response.getWriter().print(clerk.version());
        } else {
            clerk.push(what);
            response.getWriter().print(what);
        }
    }
}
