package clients

import (
	"net/url"
	"testing"

	"github.com/supertokens/supertokens-golang/recipe/passwordless"
)

func TestACodeByMailSignsUpAndALinkSignsIn(t *testing.T) {
	email, front := newEmail(), &frontEnd{}
	post := func(path string, body map[string]any) map[string]any {
		_, answer := front.send(t, "POST", path, "", body)
		return answer
	}
	sent := post("/auth/signinup/code", map[string]any{"email": email})
	equal(t, sent["status"], any("OK"))
	device := map[string]any{"deviceId": sent["deviceId"], "preAuthSessionId": sent["preAuthSessionId"]}
	consume := func(code string) map[string]any {
		return post("/auth/signinup/code/consume", map[string]any{
			"userInputCode": code, "deviceId": device["deviceId"], "preAuthSessionId": device["preAuthSessionId"],
		})
	}
	wrong := consume("wrong")
	equal(t, wrong["status"], any("INCORRECT_USER_INPUT_CODE_ERROR"))
	equal(t, wrong["failedCodeInputAttemptCount"], any(float64(1)))
	equal(t, post("/auth/signinup/code/resend", device)["status"], any("OK"))
	codes := []string{}
	for _, mail := range mails {
		if mail.Email == email {
			codes = append(codes, *mail.UserInputCode)
		}
	}
	equal(t, len(codes), 2)
	devices, err := passwordless.ListCodesByEmail("public", email)
	check(t, err)
	equal(t, len(devices[0].Codes), 2)
	signedUp := consume(codes[1])
	equal(t, signedUp["status"], any("OK"))
	equal(t, signedUp["createdNewUser"], any(true))
	status, _ := front.send(t, "GET", "/me", front.access, nil)
	equal(t, status, 200)
	equal(t, consume(codes[0])["status"], any("RESTART_FLOW_ERROR"))
	link, err := passwordless.CreateMagicLinkByEmail("public", email)
	check(t, err)
	parsed, err := url.Parse(link)
	check(t, err)
	signedIn := post("/auth/signinup/code/consume", map[string]any{
		"linkCode": parsed.Fragment, "preAuthSessionId": parsed.Query().Get("preAuthSessionId"),
	})
	equal(t, signedIn["status"], any("OK"))
	equal(t, signedIn["createdNewUser"], any(false))
	userID := signedIn["user"].(map[string]any)["id"].(string)
	equal(t, any(userID), signedUp["user"].(map[string]any)["id"])
	phoneNumber := "+4915112345678"
	changed, err := passwordless.UpdateUser(userID, nil, &phoneNumber)
	check(t, err)
	equal(t, changed.OK != nil, true)
	byPhone, err := passwordless.SignInUpByPhoneNumber("public", phoneNumber)
	check(t, err)
	equal(t, byPhone.CreatedNewUser, false)
	equal(t, byPhone.User.ID, userID)
}
