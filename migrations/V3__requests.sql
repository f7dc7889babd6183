-- pg-queue schema 3: request-response. Idempotent, one transaction; see V1__queues.sql for the search_path.

SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', /* is_local */ true);

-- A request waits here for its answer; its job lies in a queue. The caller creates the row together with the job and
-- deletes it when it has read the answer or has given up, so that an answer nobody waits for is never stored.
CREATE TABLE IF NOT EXISTS pg_queue_request (
    request_id    uuid PRIMARY KEY,
    reply_to      text NOT NULL,
    deadline      timestamptz NOT NULL,
    outcome       text CHECK (outcome IN ('value', 'error')),
    response      jsonb,
    error_type    text,
    error_message text,
    CHECK ((outcome = 'value') = (response IS NOT NULL)),
    CHECK ((outcome = 'error') = (error_type IS NOT NULL))
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);

CREATE INDEX IF NOT EXISTS pg_queue_request_deadline ON pg_queue_request (deadline);

-- Answers a request from SQL. True if this was the first answer; false if it has been answered, or nobody waits.
CREATE OR REPLACE FUNCTION pg_queue_store_response(request_id uuid, response jsonb) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT
AS $$
DECLARE
    reply_to text;
BEGIN
    UPDATE pg_queue_request r
    SET outcome = 'value', response = coalesce(pg_queue_store_response.response, 'null')
    WHERE r.request_id = pg_queue_store_response.request_id AND r.outcome IS NULL
    RETURNING r.reply_to INTO reply_to;
    IF reply_to IS NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_notify(reply_to, '');
    RETURN true;
END
$$;

REVOKE ALL ON FUNCTION pg_queue_store_response FROM PUBLIC;

UPDATE pg_queue_schema SET version = greatest(version, 3);
