package clients

import (
	"testing"

	"github.com/supertokens/supertokens-golang/recipe/session"
	"github.com/supertokens/supertokens-golang/recipe/session/claims"
	"github.com/supertokens/supertokens-golang/recipe/session/sessmodels"
	"github.com/supertokens/supertokens-golang/recipe/userroles"
	"github.com/supertokens/supertokens-golang/supertokens"
)

func TestATokenUsedTwiceIsTheftAndEndsTheSession(t *testing.T) {
	front, _, userID := signedUp(t)
	stolen := front.refresh
	equal(t, front.refreshBy(t, stolen), 200)
	equal(t, front.refreshBy(t, stolen), 200)
	status, _ := front.send(t, "GET", "/me", front.access, nil)
	equal(t, status, 200)
	equal(t, front.refreshBy(t, front.refresh), 200)
	equal(t, (&frontEnd{}).refreshBy(t, stolen), 401)
	handles, err := session.GetAllSessionHandlesForUser(userID, nil)
	check(t, err)
	equal(t, len(handles), 0)
}

func TestAPermissionOfARoleOpensARoute(t *testing.T) {
	front, _, userID := signedUp(t)
	status, _ := front.send(t, "GET", "/write", front.access, nil)
	equal(t, status, 403)
	_, err := userroles.CreateNewRoleOrAddPermissions("editor", []string{"write"})
	check(t, err)
	added, err := userroles.AddRoleToUser("public", userID, "editor", nil)
	check(t, err)
	equal(t, added.OK.DidUserAlreadyHaveRole, false)
	having, err := userroles.GetUsersThatHaveRole("public", "editor")
	check(t, err)
	equal(t, having.OK.Users, []string{userID})
	front.send(t, "POST", "/fetch-permissions", front.access, nil)
	status, _ = front.send(t, "GET", "/write", front.access, nil)
	equal(t, status, 200)
	_, err = userroles.RemovePermissionsFromRole("editor", []string{"write"})
	check(t, err)
	front.send(t, "POST", "/fetch-permissions", front.access, nil)
	status, _ = front.send(t, "GET", "/write", front.access, nil)
	equal(t, status, 403)
	deleted, err := userroles.DeleteRole("editor", nil)
	check(t, err)
	equal(t, deleted.OK.DidRoleExist, true)
}

// handleOf gives the only session of a user.
func handleOf(t *testing.T, userID string) string {
	t.Helper()
	handles, err := session.GetAllSessionHandlesForUser(userID, nil)
	check(t, err)
	equal(t, len(handles), 1)
	return handles[0]
}

func levelOf(t *testing.T, handle string) any {
	t.Helper()
	value, err := session.GetClaimValue(handle, level)
	check(t, err)
	return value.OK.Value
}

// invalid gives how many claims of a session on level two don't hold.
func invalid(t *testing.T, handle string) int {
	t.Helper()
	checked, err := session.ValidateClaimsForSessionHandle(handle, func(validators []claims.SessionClaimValidator, _ sessmodels.SessionInformation, _ supertokens.UserContext) []claims.SessionClaimValidator {
		return append(validators, levelValidators.HasValue(float64(2), nil, nil))
	})
	check(t, err)
	return len(checked.OK.InvalidClaims)
}

func TestAClaimIsSetFetchedValidatedAndRemoved(t *testing.T) {
	front, _, userID := signedUp(t)
	handle := handleOf(t, userID)
	status, _ := front.send(t, "GET", "/level-two", front.access, nil)
	equal(t, status, 403)
	front.send(t, "POST", "/level-up", front.access, nil)
	equal(t, levelOf(t, handle), any(float64(2)))
	equal(t, invalid(t, handle), 0)
	fetched, err := session.FetchAndSetClaim(handle, level)
	check(t, err)
	equal(t, fetched, true)
	equal(t, levelOf(t, handle), any(float64(1)))
	equal(t, invalid(t, handle), 1)
	removed, err := session.RemoveClaim(handle, level)
	check(t, err)
	equal(t, removed, true)
	equal(t, levelOf(t, handle), nil)
}

func TestASessionKeepsDataAndIsRevoked(t *testing.T) {
	front, _, userID := signedUp(t)
	handle := handleOf(t, userID)
	updated, err := session.UpdateSessionDataInDatabase(handle, map[string]any{"note": "n"})
	check(t, err)
	equal(t, updated, true)
	merged, err := session.MergeIntoAccessTokenPayload(handle, map[string]any{"color": "green"})
	check(t, err)
	equal(t, merged, true)
	information, err := session.GetSessionInformation(handle)
	check(t, err)
	equal(t, information.SessionDataInDatabase, map[string]any{"note": "n"})
	equal(t, information.CustomClaimsInAccessTokenPayload["color"], any("green"))
	revoked, err := session.RevokeAllSessionsForUser(userID, nil)
	check(t, err)
	equal(t, revoked, []string{handle})
	equal(t, front.refreshBy(t, front.refresh), 401)
}
