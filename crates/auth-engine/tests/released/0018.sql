-- Heidi was seen, and is counted in the spans of time that this was in.
INSERT INTO user_last_active (app_id, user_id, last_active_time) VALUES
    ('public', '7f1c0a52-93f7-4c05-8d5e-1f6f0b7d7c21', 1767225602000);
INSERT INTO user_activity_counts (app_id, width, span, slot, number) VALUES
    ('public', 0, 26965722, 7, 1),
    ('public', 1, 421339, 7, 1),
    ('public', 2, 6583, 7, 1),
    ('public', 3, 102, 7, 1);
