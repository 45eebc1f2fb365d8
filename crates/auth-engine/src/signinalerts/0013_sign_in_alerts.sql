-- The networks that each login method was used from, as digests by a key of the app that are its own
-- for each login method.
CREATE TABLE sign_in_networks (
    app_id VARCHAR(64) NOT NULL,
    user_id VARCHAR(36) NOT NULL,
    network VARCHAR(64) NOT NULL,
    last_used_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, user_id, network),
    FOREIGN KEY (app_id) REFERENCES apps (app_id) ON DELETE CASCADE
);
CREATE INDEX sign_in_networks_age ON sign_in_networks (last_used_at);

-- Digests of the tokens by which owners end the sessions of their users, with the network that is none
-- of theirs then. One that was used stays until it expires, and does nothing.
CREATE TABLE sign_in_alerts (
    app_id VARCHAR(64) NOT NULL,
    tenant_id VARCHAR(64) NOT NULL,
    token VARCHAR(64) NOT NULL,
    user_id VARCHAR(36) NOT NULL,
    network VARCHAR(64),
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (app_id, tenant_id, token),
    FOREIGN KEY (app_id, tenant_id) REFERENCES tenants (app_id, tenant_id) ON DELETE CASCADE
);
CREATE INDEX sign_in_alerts_user ON sign_in_alerts (app_id, user_id);
CREATE INDEX sign_in_alerts_expiry ON sign_in_alerts (expires_at);
