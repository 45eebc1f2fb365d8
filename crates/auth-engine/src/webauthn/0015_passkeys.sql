-- Login methods that are known by an address and signed in by passkeys.
CREATE TABLE webauthn_users (
    app_id VARCHAR(64) NOT NULL,
    user_id VARCHAR(36) NOT NULL,
    email VARCHAR(256) NOT NULL,
    rp_id VARCHAR(256) NOT NULL,
    time_joined BIGINT NOT NULL,
    PRIMARY KEY (app_id, user_id),
    FOREIGN KEY (app_id, user_id) REFERENCES app_id_to_user_id (app_id, user_id) ON DELETE CASCADE
);

-- Passkeys: a site has each id once, whoever's it is. The key is a COSE_Key in base64url; the counter
-- only rises. The handle is what the authenticator was told of the user.
CREATE TABLE webauthn_credentials (
    app_id VARCHAR(64) NOT NULL,
    rp_id VARCHAR(256) NOT NULL,
    id VARCHAR(1364) NOT NULL,
    user_id VARCHAR(36) NOT NULL,
    user_handle VARCHAR(86) NOT NULL,
    public_key TEXT NOT NULL,
    counter BIGINT NOT NULL,
    aaguid VARCHAR(36) NOT NULL,
    is_backup_eligible BOOLEAN NOT NULL,
    is_backed_up BOOLEAN NOT NULL,
    transports TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, rp_id, id),
    FOREIGN KEY (app_id, user_id) REFERENCES webauthn_users (app_id, user_id) ON DELETE CASCADE,
    CHECK (counter >= 0)
);
CREATE INDEX webauthn_credentials_user ON webauthn_credentials (app_id, user_id);
CREATE INDEX webauthn_credentials_id ON webauthn_credentials (app_id, id);

-- Options by which a passkey is made, for an address, or used, for none. They are used up by that;
-- whom they were used by is the digest of an answer that may be shown once more.
CREATE TABLE webauthn_generated_options (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    id VARCHAR(36) NOT NULL,
    challenge VARCHAR(86) NOT NULL,
    email VARCHAR(256),
    user_handle VARCHAR(86),
    rp_id VARCHAR(256) NOT NULL,
    rp_name VARCHAR(256) NOT NULL,
    origin VARCHAR(512) NOT NULL,
    algorithms VARCHAR(256) NOT NULL,
    user_presence_required BOOLEAN NOT NULL,
    user_verification VARCHAR(12) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_by VARCHAR(64),
    PRIMARY KEY (app_id, tenant_id, id),
    FOREIGN KEY (app_id, tenant_id) REFERENCES tenants (app_id, tenant_id) ON DELETE CASCADE,
    CHECK (user_verification IN ('required', 'preferred', 'discouraged')),
    CHECK ((email IS NULL) = (user_handle IS NULL))
);
CREATE INDEX webauthn_generated_options_expiry ON webauthn_generated_options (expires_at);

-- Digests of the tokens by which a lost passkey is replaced.
CREATE TABLE webauthn_account_recovery_tokens (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    user_id VARCHAR(36) NOT NULL,
    email VARCHAR(256) NOT NULL,
    token VARCHAR(64) NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, tenant_id, user_id, token),
    UNIQUE (app_id, tenant_id, token),
    FOREIGN KEY (app_id, tenant_id) REFERENCES tenants (app_id, tenant_id) ON DELETE CASCADE
);
CREATE INDEX webauthn_account_recovery_tokens_user
    ON webauthn_account_recovery_tokens (app_id, user_id);
CREATE INDEX webauthn_account_recovery_tokens_expiry
    ON webauthn_account_recovery_tokens (expires_at);
