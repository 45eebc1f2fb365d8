-- Heidi, who has signed up, is one of the users of the tenant and is counted.
INSERT INTO app_id_to_user_id (app_id, user_id, recipe_id, primary_or_recipe_user_id,
    is_linked_or_is_a_primary_user, time_joined, primary_or_recipe_user_time_joined, recipes) VALUES
    ('public', '7f1c0a52-93f7-4c05-8d5e-1f6f0b7d7c21', 'passwordless',
     '7f1c0a52-93f7-4c05-8d5e-1f6f0b7d7c21', FALSE, 1767225602000, 1767225602000, 4);
INSERT INTO recipe_user_tenants VALUES
    ('public', 'public', '7f1c0a52-93f7-4c05-8d5e-1f6f0b7d7c21', 'passwordless', 'email',
     'heidi@example.com', '', '');
INSERT INTO recipe_user_account_infos VALUES
    ('public', '7f1c0a52-93f7-4c05-8d5e-1f6f0b7d7c21', 'passwordless', 'email',
     'heidi@example.com', '', '', NULL);
INSERT INTO tenant_users (app_id, user_id, tenant_id, recipes, time_joined) VALUES
    ('public', '7f1c0a52-93f7-4c05-8d5e-1f6f0b7d7c21', 'public', 4, 1767225602000);
INSERT INTO user_counts (app_id, scope, tenant_id, recipes, slot, number) VALUES
    ('public', '', NULL, 4, 5, 1), ('public', 'public', 'public', 4, 5, 1);
