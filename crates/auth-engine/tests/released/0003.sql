-- A user of a phone number, and a code that Erin hasn't used yet.
INSERT INTO app_id_to_user_id
    (app_id, user_id, recipe_id, primary_or_recipe_user_id, is_linked_or_is_a_primary_user, time_joined, primary_or_recipe_user_time_joined)
VALUES
    ('public', 'ae9f9d58-e7aa-4765-bf9f-ebd7ce83feb3', 'passwordless', 'ae9f9d58-e7aa-4765-bf9f-ebd7ce83feb3', FALSE, 1767225601000, 1767225601000);
INSERT INTO recipe_user_account_infos
    (app_id, recipe_user_id, recipe_id, account_info_type, account_info_value, third_party_id, third_party_user_id, primary_user_id)
VALUES
    ('public', 'ae9f9d58-e7aa-4765-bf9f-ebd7ce83feb3', 'passwordless', 'phone', '+491701234567', '', '', NULL);
INSERT INTO recipe_user_tenants
    (app_id, tenant_id, recipe_user_id, recipe_id, account_info_type, account_info_value, third_party_id, third_party_user_id)
VALUES
    ('public', 'public', 'ae9f9d58-e7aa-4765-bf9f-ebd7ce83feb3', 'passwordless', 'phone', '+491701234567', '', '');
INSERT INTO user_last_active
    (app_id, user_id, last_active_time)
VALUES
    ('public', 'ae9f9d58-e7aa-4765-bf9f-ebd7ce83feb3', 1767225601000);
INSERT INTO passwordless_devices
    (app_id, tenant_id, device_id_hash, account_info_type, account_info_value, link_code_salt, failed_attempts, max_attempts, expires_at)
VALUES
    ('public', 'public', 'Logad2Kgs3Jzx10UASAsHXx95YgB65q1Gd0yLjuwfX4', 'email', 'erin@example.com', 'xD5YrhUSN5Shi7SIjYRQdd9YwDLnkeAzixVRsCvjHog=', 0, 5, 1767226501000);
INSERT INTO passwordless_codes
    (app_id, tenant_id, code_id, device_id_hash, link_code_hash, created_at, expires_at)
VALUES
    ('public', 'public', '1cd20cb9-4e3d-4ef8-8968-9e134d705f7e', 'Logad2Kgs3Jzx10UASAsHXx95YgB65q1Gd0yLjuwfX4', 'XobqixTqwLiVkK4BFXGl46aWe0-CscsQozATApLaX6A=', 1767225601000, 1767226501000);
-- Codes of devices from before one was good at a time, two of them of one moment.
INSERT INTO passwordless_devices
    (app_id, tenant_id, device_id_hash, account_info_type, account_info_value, link_code_salt, failed_attempts, max_attempts, expires_at)
VALUES
    ('public', 'public', 'old-one', 'email', 'old@example.com', 's', 0, 5, 1767229200000),
    ('public', 'public', 'old-two', 'email', 'old@example.com', 's', 0, 5, 1767229200000);
INSERT INTO passwordless_codes
    (app_id, tenant_id, code_id, device_id_hash, link_code_hash, created_at, expires_at)
VALUES
    ('public', 'public', 'old-a', 'old-one', 'a', 1767225600000, 1767229200000),
    ('public', 'public', 'old-c', 'old-one', 'c', 1767225600001, 1767229200000),
    ('public', 'public', 'old-b', 'old-one', 'b', 1767225600001, 1767229200000),
    ('public', 'public', 'old-d', 'old-two', 'd', 1767225600000, 1767229200000);
