package io.github.pgqueue.it.servers.sessions;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/** Answers what the session holds, after it was given something to hold, if the request says so. */
@WebServlet({SessionDoor.OPEN, SessionDoor.GUARDED})
public final class SessionDoor extends HttpServlet {

    /** The path for everybody. */
    static final String OPEN = "/open";
    /** The path for users who have authenticated. */
    static final String GUARDED = "/guarded";
    /** The parameter with what is to be held. */
    static final String HOLD = "hold";
    /** The answer when there is no session. */
    static final String NOTHING = "nothing";

    private static final long serialVersionUID = 1L;
    private static final String ATTRIBUTE = "held";

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String hold = request.getParameter(HOLD);
        HttpSession session = request.getSession(/* create= */ hold != null);
        if (session == null) {
            response.getWriter().print(NOTHING);
            return;
        }
        if (hold != null) {
            session.setAttribute(ATTRIBUTE, hold);
        }
        response.getWriter().print(session.getAttribute(ATTRIBUTE));
    }
}
