-- A tenant that offers two factors and one third party, and has a setting of its own.
INSERT INTO tenants (app_id, tenant_id, created_at_time) VALUES ('public', 'acme', 1767225601000);
INSERT INTO tenant_configs (app_id, tenant_id, core_config, first_factors, required_secondary_factors, email_password_enabled, third_party_enabled, passwordless_enabled) VALUES
    ('public', 'acme', '{"password_reset_token_lifetime":600000}', '["emailpassword","thirdparty"]', NULL, TRUE, TRUE, TRUE);
INSERT INTO tenant_third_parties (app_id, tenant_id, third_party_id, config, created_at) VALUES
    ('public', 'acme', 'google', '{"thirdPartyId":"google","clients":[{"clientId":"1234.apps","clientSecret":"s"}],"userInfoMap":{"fromIdTokenPayload":{},"fromUserInfoAPI":{}}}', 1767225601000);
UPDATE tenant_changes SET generation = 2;
