-- Ivan has named his passkey, and a page of a related site has asked for options.
UPDATE webauthn_credentials SET name = 'Ivan’s phone'
    WHERE app_id = 'public' AND rp_id = 'example.org';
INSERT INTO webauthn_generated_options (app_id, tenant_id, id, challenge, email, user_handle, rp_id, rp_name, origin, algorithms, user_presence_required, user_verification, created_at, expires_at, used_by, related_origins) VALUES
    ('public', 'public', '5a0c7f0e-9d6b-4f57-9a53-6f3c1d2b8e40', 'k3cJ2m0Vf1nq8yqS0l6aQ9rXwTgZb5uHcE4dPoIvYsM', NULL, NULL, 'example.org', 'Example', 'https://example.net', '', TRUE, 'preferred', 1767225601000, 1767312001000, NULL, 'https://example.net https://example.net:8443');
