-- A key that signs nothing any more, and one that doesn't verify either. The latter loses its private
-- half, and its row stays, so that no new key ever gets its id.
ALTER TABLE session_access_token_signing_keys ADD COLUMN retired_at BIGINT;
ALTER TABLE session_access_token_signing_keys ADD COLUMN revoked_at BIGINT;
ALTER TABLE jwt_signing_keys ADD COLUMN retired_at BIGINT;
ALTER TABLE jwt_signing_keys ADD COLUMN revoked_at BIGINT;
