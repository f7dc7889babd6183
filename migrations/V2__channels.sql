-- pg-queue schema 2: channels. Idempotent, one transaction; see V1__queues.sql for the search_path.

SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', /* is_local */ true);

-- Payloads that NOTIFY cannot carry (8,000 bytes and more) lie here for an hour; the notification carries the
-- reference 'pg_queue:ref:<id>'. UNLOGGED: a signal does not survive a crash either.
CREATE UNLOGGED TABLE IF NOT EXISTS pg_queue_signal (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    payload      text NOT NULL,
    published_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The name under which a channel of this schema is known to LISTEN and NOTIFY, which know no schemas.
CREATE OR REPLACE FUNCTION pg_queue_channel(channel text) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path FROM CURRENT
AS $$
DECLARE
    full_name text := (SELECT s.channel_prefix FROM pg_queue_schema s) || channel;
BEGIN
    IF channel IS NULL OR channel = '' OR octet_length(full_name) > 63 THEN
        RAISE EXCEPTION 'PGQ2001: % is not a channel name', coalesce(quote_literal(channel), 'NULL')
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'A channel name has at least 1 byte and, with the channel prefix, at most 63 bytes.';
    END IF;
    RETURN full_name;
END
$$;

-- Publishes a signal: at most once, to those that listen when the transaction commits.
CREATE OR REPLACE FUNCTION pg_queue_publish(channel text, payload text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT
AS $$
DECLARE
    reference uuid;
BEGIN
    -- A payload that looks like a reference goes by reference too, so that no text can be mistaken for one.
    IF octet_length(payload) >= 8000 OR payload LIKE 'pg\_queue:ref:%' THEN
        INSERT INTO pg_queue_signal (payload) VALUES (payload) RETURNING id INTO reference;
        PERFORM pg_notify(pg_queue_channel(channel), 'pg_queue:ref:' || reference::text);
    ELSE
        PERFORM pg_notify(pg_queue_channel(channel), coalesce(payload, ''));
    END IF;
END
$$;

REVOKE ALL ON FUNCTION pg_queue_channel, pg_queue_publish FROM PUBLIC;

UPDATE pg_queue_schema SET version = greatest(version, 2);
