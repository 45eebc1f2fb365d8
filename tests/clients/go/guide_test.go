package clients

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const here = "http://localhost:3000/auth/callback/outside"

// secondFactorIn gives what an access token says of the second factor.
func secondFactorIn(t *testing.T, token string) any {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	check(t, err)
	claims := map[string]any{}
	check(t, json.Unmarshal(payload, &claims))
	claim, _ := claims["2fa-completed"].(map[string]any)
	return claim["v"]
}

// throughProvider signs in at the provider, as a browser does, and then here.
func throughProvider(t *testing.T) (front *frontEnd, signedIn map[string]any, code string) {
	t.Helper()
	front = &frontEnd{}
	asked := url.Values{"thirdPartyId": {"outside"}, "redirectURIOnProviderDashboard": {here}}
	_, sent := front.send(t, "GET", "/auth/authorisationurl?"+asked.Encode(), "", nil)
	equal(t, sent["status"], any("OK"))
	page, err := http.DefaultTransport.RoundTrip(request(t, "GET", sent["urlWithQueryParams"].(string)))
	check(t, err)
	defer page.Body.Close()
	back, err := page.Location()
	check(t, err)
	equal(t, strings.Split(back.String(), "?")[0], here)
	code = back.Query().Get("code")
	_, signedIn = front.send(t, "POST", "/auth/signinup", "", map[string]any{
		"thirdPartyId": "outside",
		"redirectURIInfo": map[string]any{
			"redirectURIOnProviderDashboard": here,
			"redirectURIQueryParams":         map[string]string{"code": code},
			"pkceCodeVerifier":               sent["pkceCodeVerifier"],
		},
	})
	equal(t, signedIn["status"], any("OK"))
	return front, signedIn, code
}

func request(t *testing.T, method, address string) *http.Request {
	t.Helper()
	made, err := http.NewRequest(method, address, nil)
	check(t, err)
	return made
}

// doSecondFactor sees that a session's route of the second factor is closed until it is done.
func doSecondFactor(t *testing.T, front *frontEnd) {
	t.Helper()
	status := func(method, path string) int {
		status, _ := front.send(t, method, path, front.access, nil)
		return status
	}
	// The override has made the claim, before any route asked for it.
	equal(t, secondFactorIn(t, front.access), any(false))
	refused, body := front.send(t, "GET", "/second-factor", front.access, nil)
	equal(t, refused, 403)
	invalid := body["claimValidationErrors"].([]any)[0].(map[string]any)
	equal(t, invalid["id"], any("2fa-completed"))
	equal(t, front.refreshBy(t, front.refresh), 200)
	equal(t, status("GET", "/second-factor"), 403)
	equal(t, status("POST", "/complete-second-factor"), 200)
	equal(t, status("GET", "/second-factor"), 200)
	equal(t, front.refreshBy(t, front.refresh), 200)
	equal(t, secondFactorIn(t, front.access), any(true))
	equal(t, status("GET", "/second-factor"), 200)
}

func TestWhoSignsUpDoesASecondFactorAgainInEachSession(t *testing.T) {
	front, email, _ := signedUp(t)
	doSecondFactor(t, front)
	again := &frontEnd{}
	equal(t, again.sign(t, "/auth/signin", email, password)["status"], any("OK"))
	status, _ := again.send(t, "GET", "/second-factor", again.access, nil)
	equal(t, status, 403)
}

func TestWhoComesFromAProviderDoesASecondFactorToo(t *testing.T) {
	email := newEmail()
	outside.account = map[string]any{"sub": "at-" + email, "email": email, "email_verified": true}
	front, signedUp, code := throughProvider(t)
	equal(t, outside.exchanged, []string{code})
	equal(t, outside.read, []string{"at-" + email})
	equal(t, signedUp["createdNewUser"], any(true))
	user := signedUp["user"].(map[string]any)
	equal(t, user["email"], any(email))
	equal(t, user["thirdParty"], any(map[string]any{"id": "outside", "userId": "at-" + email}))
	doSecondFactor(t, front)

	front, signedIn, later := throughProvider(t)
	equal(t, outside.exchanged, []string{code, later})
	equal(t, signedIn["createdNewUser"], any(false))
	equal(t, signedIn["user"].(map[string]any)["id"], user["id"])
	status, _ := front.send(t, "GET", "/second-factor", front.access, nil)
	equal(t, status, 403)
}
