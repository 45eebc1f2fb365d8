-- Ada is an editor.
INSERT INTO roles
    (app_id, role)
VALUES
    ('public', 'editor');
INSERT INTO role_permissions
    (app_id, role, permission)
VALUES
    ('public', 'editor', 'write');
INSERT INTO user_roles
    (app_id, tenant_id, user_id, role)
VALUES
    ('public', 'public', 'e8dd943d-366c-4ae7-beb7-06c6ae668eff', 'editor');
