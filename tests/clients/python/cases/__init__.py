"""What an application on the SDK does, whatever its framework."""

from .addresses import Addresses
from .codes import Codes
from .guide import Guide
from .linking import Linking
from .passkey_routes import PasskeyRoutes
from .passkeys import Passkeys
from .sessions import Sessions
from .tenants import Tenants
from .users import Users


class Cases(
    Guide, Users, Sessions, Codes, Linking, Addresses, Tenants, Passkeys, PasskeyRoutes
):
    """Every case; a framework's class is a test of it that says how the application is served."""
