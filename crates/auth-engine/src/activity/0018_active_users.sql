-- How many users were last seen in a span of time: about a minute (2^16 ms, width 0), 70 minutes (2^22 ms),
-- three days (2^28 ms) and half a year (2^34 ms, width 3), by the number of spans since the epoch. What is
-- counted of a user is in the slot of its id's first character, so that few who are seen at the same time
-- wait for each other.
CREATE TABLE user_activity_counts (
    app_id VARCHAR(64) NOT NULL,
    width BIGINT NOT NULL,
    span BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (app_id, width, span, slot),
    FOREIGN KEY (app_id) REFERENCES apps (app_id) ON DELETE CASCADE
);

INSERT INTO user_activity_counts (app_id, width, span, slot, number)
    SELECT s.app_id, 0, s.span, s.slot, COUNT(*) FROM (
        SELECT app_id, last_active_time / 65536 AS span,
            CASE SUBSTR(user_id, 1, 1)
                WHEN '1' THEN 1 WHEN '2' THEN 2 WHEN '3' THEN 3 WHEN '4' THEN 4 WHEN '5' THEN 5
                WHEN '6' THEN 6 WHEN '7' THEN 7 WHEN '8' THEN 8 WHEN '9' THEN 9 WHEN 'a' THEN 10
                WHEN 'b' THEN 11 WHEN 'c' THEN 12 WHEN 'd' THEN 13 WHEN 'e' THEN 14 WHEN 'f' THEN 15
                ELSE 0 END AS slot
        FROM user_last_active
    ) s GROUP BY s.app_id, s.span, s.slot;
INSERT INTO user_activity_counts (app_id, width, span, slot, number)
    SELECT app_id, 1, span / 64, slot, SUM(number) FROM user_activity_counts WHERE width = 0
    GROUP BY app_id, span / 64, slot;
INSERT INTO user_activity_counts (app_id, width, span, slot, number)
    SELECT app_id, 2, span / 64, slot, SUM(number) FROM user_activity_counts WHERE width = 1
    GROUP BY app_id, span / 64, slot;
INSERT INTO user_activity_counts (app_id, width, span, slot, number)
    SELECT app_id, 3, span / 64, slot, SUM(number) FROM user_activity_counts WHERE width = 2
    GROUP BY app_id, span / 64, slot;
