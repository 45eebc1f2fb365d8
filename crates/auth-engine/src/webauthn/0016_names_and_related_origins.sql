-- What a passkey's user calls it.
ALTER TABLE webauthn_credentials ADD COLUMN name VARCHAR(64);

-- The origins of other sites that may show the page, separated by blanks.
ALTER TABLE webauthn_generated_options ADD COLUMN related_origins TEXT NOT NULL DEFAULT '';
