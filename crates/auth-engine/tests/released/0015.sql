-- Ivan is about to sign in by a passkey.
INSERT INTO app_id_to_user_id (app_id, user_id, recipe_id, primary_or_recipe_user_id,
    is_linked_or_is_a_primary_user, time_joined, primary_or_recipe_user_time_joined, recipes) VALUES
    ('public', '0f4f1f0e-30a7-4d3c-8a39-2d1f0a6f5b77', 'webauthn', '0f4f1f0e-30a7-4d3c-8a39-2d1f0a6f5b77', FALSE, 1767225601000, 1767225601000, 8);
INSERT INTO tenant_users (app_id, user_id, tenant_id, recipes, time_joined) VALUES
    ('public', '0f4f1f0e-30a7-4d3c-8a39-2d1f0a6f5b77', 'public', 8, 1767225601000);
INSERT INTO user_counts (app_id, scope, tenant_id, recipes, slot, number) VALUES
    ('public', '', NULL, 8, 5, 1), ('public', 'public', 'public', 8, 5, 1);
INSERT INTO recipe_user_tenants VALUES
    ('public', 'public', '0f4f1f0e-30a7-4d3c-8a39-2d1f0a6f5b77', 'webauthn', 'email', 'ivan@example.com', '', '');
INSERT INTO recipe_user_account_infos VALUES
    ('public', '0f4f1f0e-30a7-4d3c-8a39-2d1f0a6f5b77', 'webauthn', 'email', 'ivan@example.com', '', '', NULL);
INSERT INTO webauthn_users (app_id, user_id, email, rp_id, time_joined) VALUES
    ('public', '0f4f1f0e-30a7-4d3c-8a39-2d1f0a6f5b77', 'ivan@example.com', 'example.org', 1767225601000);
INSERT INTO webauthn_credentials (app_id, rp_id, id, user_id, user_handle, public_key, counter, aaguid, is_backup_eligible, is_backed_up, transports, created_at, updated_at) VALUES
    ('public', 'example.org', '-R85HbTJsv3g6nAYnLo_tj9Xm6YSKzOtlP8-wzAIS-Q', '0f4f1f0e-30a7-4d3c-8a39-2d1f0a6f5b77', 'MGY0ZjFmMGUtMzBhNy00ZDNjLThhMzktMmQxZjBhNmY1Yjc3', 'pQECAyYgASFYIK_voW-XypstI-uGzLZAmNINuQhWBi6yScM6m2cvJt9hIlggkwpWuHovymYzSwNFir-HlxfBLMaO1zKQry4mZHlrkiA', 0, '8446ccb9-ab1d-b374-750b-2367ff6f3a1f', TRUE, TRUE, 'internal hybrid', 1767225601000, 1767225601000);
INSERT INTO webauthn_generated_options (app_id, tenant_id, id, challenge, email, user_handle, rp_id, rp_name, origin, algorithms, user_presence_required, user_verification, created_at, expires_at, used_by) VALUES
    ('public', 'public', 'd3c1a6a2-6d0e-4b3b-9d1c-8f0f2b1a7c55', 'OcDnUhQXulTUPo3JUXT0I97pvzzYBP9tZchXyav01Ag', NULL, NULL, 'example.org', 'Example', 'https://example.org', '', TRUE, 'preferred', 1767225601000, 1767312001000, NULL);
