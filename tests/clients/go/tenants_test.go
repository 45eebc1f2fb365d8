package clients

import (
	"strings"
	"testing"

	"github.com/supertokens/supertokens-golang/recipe/emailpassword"
	"github.com/supertokens/supertokens-golang/recipe/multitenancy"
	"github.com/supertokens/supertokens-golang/recipe/multitenancy/multitenancymodels"
	"github.com/supertokens/supertokens-golang/recipe/thirdparty/tpmodels"
	"github.com/supertokens/supertokens-golang/supertokens"
)

// newTenant makes a tenant, as before CDI 5.1: with recipes that are on or off.
func newTenant(t *testing.T, tenantID string, emailPassword, thirdParty bool) {
	t.Helper()
	off := false
	made, err := multitenancy.CreateOrUpdateTenant(tenantID, multitenancymodels.TenantConfig{
		EmailPasswordEnabled: &emailPassword, ThirdPartyEnabled: &thirdParty, PasswordlessEnabled: &off,
	})
	check(t, err)
	equal(t, made.OK.CreatedNew, true)
}

// everybody gives the ids of everybody in a tenant, of whom there are few.
func everybody(t *testing.T, tenantID string) []string {
	t.Helper()
	page, err := supertokens.GetUsersOldestFirst(tenantID, nil, nil, nil, nil)
	check(t, err)
	count, err := supertokens.GetUserCount(nil, &tenantID)
	check(t, err)
	equal(t, int(count), len(page.Users))
	ids := []string{}
	for _, user := range page.Users {
		ids = append(ids, user.User["id"].(string))
	}
	return ids
}

func TestATenantIsMadeListedAndDeleted(t *testing.T) {
	newTenant(t, "made", true, false)
	made, err := multitenancy.GetTenant("made")
	check(t, err)
	equal(t, []bool{made.EmailPassword.Enabled, made.ThirdParty.Enabled, made.Passwordless.Enabled}, []bool{true, false, false})
	on := true
	changed, err := multitenancy.CreateOrUpdateTenant("made", multitenancymodels.TenantConfig{ThirdPartyEnabled: &on})
	check(t, err)
	equal(t, changed.OK.CreatedNew, false)
	listed, err := multitenancy.ListAllTenants()
	check(t, err)
	enabled := map[string]bool{}
	for _, tenant := range listed.OK.Tenants {
		enabled[tenant.TenantId] = tenant.ThirdParty.Enabled
	}
	equal(t, enabled["made"], true)
	_, hasPublic := enabled["public"]
	equal(t, hasPublic, true)
	for _, didExist := range []bool{true, false} {
		deleted, err := multitenancy.DeleteTenant("made")
		check(t, err)
		equal(t, deleted.OK.DidExist, didExist)
	}
	gone, err := multitenancy.GetTenant("made")
	check(t, err)
	equal(t, gone == nil, true)
}

func TestATenantOffersItsOwnWaysToSignIn(t *testing.T) {
	newTenant(t, "offering", false, true)
	config := tpmodels.ProviderConfig{
		ThirdPartyId: "outside", Name: "Outside",
		Clients: []tpmodels.ProviderClientConfig{{ClientID: clientID, ClientSecret: clientSecret}},
	}
	for _, createdNew := range []bool{true, false} {
		set, err := multitenancy.CreateOrUpdateThirdPartyConfig("offering", config, nil)
		check(t, err)
		equal(t, set.OK.CreatedNew, createdNew)
	}
	status, offered := (&frontEnd{}).send(t, "GET", "/auth/offering/loginmethods", "", nil)
	equal(t, status, 200)
	equal(t, offered["emailPassword"], any(map[string]any{"enabled": false}))
	equal(t, offered["thirdParty"], any(map[string]any{
		"enabled": true, "providers": []any{map[string]any{"id": "outside", "name": "Outside"}},
	}))
	for _, didExist := range []bool{true, false} {
		deleted, err := multitenancy.DeleteThirdPartyConfig("offering", "outside")
		check(t, err)
		equal(t, deleted.OK.DidConfigExist, didExist)
	}
}

func TestAUserIsLetIntoATenantAndOutOfIt(t *testing.T) {
	newTenant(t, "joined", true, false)
	_, email, userID := signedUp(t)
	signIn := func() any {
		return (&frontEnd{}).sign(t, "/auth/joined/signin", email, password)["status"]
	}
	equal(t, signIn(), any("WRONG_CREDENTIALS_ERROR"))
	for _, already := range []bool{false, true} {
		joined, err := multitenancy.AssociateUserToTenant("joined", userID)
		check(t, err)
		equal(t, joined.OK.WasAlreadyAssociated, already)
	}
	equal(t, signIn(), any("OK"))
	equal(t, everybody(t, "joined"), []string{userID})
	for _, was := range []bool{true, false} {
		left, err := multitenancy.DisassociateUserFromTenant("joined", userID)
		check(t, err)
		equal(t, left.OK.WasAssociated, was)
	}
	equal(t, signIn(), any("WRONG_CREDENTIALS_ERROR"))

	// Somebody else may have the address there now.
	own := (&frontEnd{}).sign(t, "/auth/joined/signup", email, password)
	equal(t, own["status"], any("OK"))
	equal(t, everybody(t, "joined"), []string{own["user"].(map[string]any)["id"].(string)})
	_, err := multitenancy.DeleteTenant("joined")
	check(t, err)
	_, err = emailpassword.SignIn("joined", email, password)
	equal(t, err != nil && strings.Contains(err.Error(), "400"), true)
	kept, err := emailpassword.GetUserByID(userID)
	check(t, err)
	equal(t, kept.TenantIds, []string{"public"})
}
