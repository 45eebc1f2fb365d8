package clients

import (
	"testing"

	"github.com/supertokens/supertokens-golang/recipe/emailverification"
	"github.com/supertokens/supertokens-golang/recipe/thirdparty"
)

func TestAnAddressIsVerifiedByATokenOnceAndCanBeUnverified(t *testing.T) {
	_, _, userID := signedUp(t)
	isVerified := func() bool {
		verified, err := emailverification.IsEmailVerified(userID, nil)
		check(t, err)
		return verified
	}
	created, err := emailverification.CreateEmailVerificationToken("public", userID, nil)
	check(t, err)
	equal(t, isVerified(), false)
	verified, err := emailverification.VerifyEmailUsingToken("public", created.OK.Token)
	check(t, err)
	equal(t, verified.OK.User.ID, userID)
	again, err := emailverification.VerifyEmailUsingToken("public", created.OK.Token)
	check(t, err)
	equal(t, again.OK == nil, true)
	equal(t, isVerified(), true)
	_, err = emailverification.UnverifyEmail(userID, nil)
	check(t, err)
	equal(t, isVerified(), false)
}

func TestAnAccountAtAThirdPartySignsUpAndInWithAnotherAddress(t *testing.T) {
	signedUp, err := thirdparty.ManuallyCreateOrUpdateUser("public", "google", "7", "go-7@example.com")
	check(t, err)
	equal(t, signedUp.OK.CreatedNewUser, true)
	signedIn, err := thirdparty.ManuallyCreateOrUpdateUser("public", "google", "7", "go-8@example.com")
	check(t, err)
	equal(t, signedIn.OK.CreatedNewUser, false)
	equal(t, signedIn.OK.User.ID, signedUp.OK.User.ID)
	found, err := thirdparty.GetUsersByEmail("public", "go-8@example.com")
	check(t, err)
	equal(t, len(found), 1)
	equal(t, found[0].ThirdParty.UserID, "7")
	byID, err := thirdparty.GetUserByThirdPartyInfo("public", "google", "7")
	check(t, err)
	equal(t, byID.Email, "go-8@example.com")
}
