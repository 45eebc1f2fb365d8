-- A key that signs nothing any more.
UPDATE session_access_token_signing_keys SET retired_at = 1767225610000 WHERE created_at_time = 1767225601000;
