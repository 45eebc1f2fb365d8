package clients

import (
	"testing"

	"github.com/supertokens/supertokens-golang/recipe/emailpassword"
	"github.com/supertokens/supertokens-golang/recipe/usermetadata"
	"github.com/supertokens/supertokens-golang/supertokens"
)

func TestAUserSignsUpOnceAndInByTheRightPasswordOnly(t *testing.T) {
	_, email, userID := signedUp(t)
	equal(t, (&frontEnd{}).sign(t, "/auth/signup", email, password)["status"], any("FIELD_ERROR"))
	wrong := (&frontEnd{}).sign(t, "/auth/signin", email, "wrong1horse")
	equal(t, wrong["status"], any("WRONG_CREDENTIALS_ERROR"))
	front := &frontEnd{}
	equal(t, front.sign(t, "/auth/signin", email, password)["status"], any("OK"))
	status, me := front.send(t, "GET", "/me", front.access, nil)
	equal(t, status, 200)
	equal(t, me["userId"], any(userID))
	byID, err := emailpassword.GetUserByID(userID)
	check(t, err)
	equal(t, byID.Email, email)
}

func TestMetadataIsMergedAndNullRemovesAKey(t *testing.T) {
	_, _, userID := signedUp(t)
	_, err := usermetadata.UpdateUserMetadata(userID, map[string]any{"a": 1, "b": "c"})
	check(t, err)
	merged, err := usermetadata.UpdateUserMetadata(userID, map[string]any{"a": nil, "d": "ä"})
	check(t, err)
	equal(t, len(merged), 2)
	equal(t, merged["d"], any("ä"))
	check(t, usermetadata.ClearUserMetadata(userID))
}

func TestAPasswordIsResetByATokenThatWorksOnce(t *testing.T) {
	_, email, userID := signedUp(t)
	created, err := emailpassword.CreateResetPasswordToken("public", userID)
	check(t, err)
	reset, err := emailpassword.ResetPasswordUsingToken("public", created.OK.Token, "another1horse")
	check(t, err)
	equal(t, *reset.OK.UserId, userID)
	again, err := emailpassword.ResetPasswordUsingToken("public", created.OK.Token, "another1horse")
	check(t, err)
	equal(t, again.OK == nil, true)
	old, err := emailpassword.SignIn("public", email, password)
	check(t, err)
	equal(t, old.OK == nil, true)
}

// walk gives the ids of all users, page by page.
func walk(t *testing.T, list func(string, *string, *int, *[]string, map[string]string) (supertokens.UserPaginationResult, error), limit int) []string {
	t.Helper()
	ids := []string{}
	var token *string
	for {
		page, err := list("public", token, &limit, nil, nil)
		check(t, err)
		equal(t, len(page.Users) <= limit, true)
		for _, user := range page.Users {
			ids = append(ids, user.User["id"].(string))
		}
		if token = page.NextPaginationToken; token == nil {
			return ids
		}
	}
}

func TestUsersArePagedThroughInBothOrders(t *testing.T) {
	public := "public"
	before, err := supertokens.GetUserCount(nil, &public)
	check(t, err)
	joined := []string{}
	for i := 0; i < 5; i++ {
		_, _, userID := signedUp(t)
		joined = append(joined, userID)
	}
	total := int(before) + len(joined)
	for _, limit := range []int{1, 2, 500} {
		newest := walk(t, supertokens.GetUsersNewestFirst, limit)
		oldest := walk(t, supertokens.GetUsersOldestFirst, limit)
		equal(t, len(oldest), total)
		equal(t, oldest[total-len(joined):], joined)
		for i, id := range newest {
			equal(t, id, oldest[total-1-i])
		}
	}
}

func TestAUserIsDeletedWithItsSessions(t *testing.T) {
	front, email, userID := signedUp(t)
	check(t, supertokens.DeleteUser(userID))
	gone, err := emailpassword.GetUserByID(userID)
	check(t, err)
	equal(t, gone == nil, true)
	equal(t, front.refreshBy(t, front.refresh), 401)
	equal(t, (&frontEnd{}).sign(t, "/auth/signup", email, password)["status"], any("OK"))
}
