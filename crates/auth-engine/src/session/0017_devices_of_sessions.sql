-- The public key of the device that a session is bound to, when it was bound, and when the newest of the
-- challenges was made that its device has answered.
ALTER TABLE session_info ADD COLUMN device_key VARCHAR(2048);
ALTER TABLE session_info ADD COLUMN device_bound_at BIGINT;
ALTER TABLE session_info ADD COLUMN device_challenge_at BIGINT;
