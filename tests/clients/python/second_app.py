"""The SDK on another app of the core, whose address is the first argument: signs somebody up by the
address that is the second, and tells what is there."""

import json
import sys

from core import API_KEY
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.recipe import emailpassword, multitenancy, session
from supertokens_python.recipe.emailpassword import syncio as passwords
from supertokens_python.recipe.multitenancy import syncio as tenancy
from supertokens_python.recipe.multitenancy.interfaces import TenantConfigCreateOrUpdate
from supertokens_python.recipe.session import syncio as sessions
from supertokens_python.syncio import get_user_count

connection_uri, email = sys.argv[1:]
init(
    app_info=InputAppInfo(
        app_name="second",
        api_domain="http://127.0.0.1",
        website_domain="http://localhost:3000",
    ),
    supertokens_config=SupertokensConfig(connection_uri, API_KEY),
    framework="flask",
    recipe_list=[emailpassword.init(), multitenancy.init(), session.init()],
    mode="wsgi",
    telemetry=False,
)
tenancy.create_or_update_tenant("here", TenantConfigCreateOrUpdate(first_factors=["emailpassword"]))
user = passwords.sign_up("here", email, "correct1horse").user
current = sessions.create_new_session_without_request_response(
    "here", user.login_methods[0].recipe_user_id
)
told = {
    "userId": user.id,
    "token": current.get_access_token(),
    "count": get_user_count(),
    "tenants": sorted(tenant.tenant_id for tenant in tenancy.list_all_tenants().tenants),
}
print(json.dumps(told))
