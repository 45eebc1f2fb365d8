-- Digests of the tokens by which users prove that an address is theirs, in the tenant that a token
-- was made in. Users need not be known to the core.
CREATE TABLE emailverification_tokens (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    user_id VARCHAR(128) NOT NULL,
    email VARCHAR(256) NOT NULL,
    token VARCHAR(128) NOT NULL,
    token_expiry BIGINT NOT NULL,
    PRIMARY KEY (app_id, tenant_id, user_id, email, token),
    UNIQUE (token),
    FOREIGN KEY (app_id, tenant_id) REFERENCES tenants (app_id, tenant_id) ON DELETE CASCADE
);
CREATE INDEX emailverification_tokens_user ON emailverification_tokens (app_id, user_id);
CREATE INDEX emailverification_tokens_expiry ON emailverification_tokens (token_expiry);
