package clients

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

const password = "correct1horse"

var count int

// frontEnd keeps its tokens itself and sends them by header.
type frontEnd struct{ access, refresh string }

func (f *frontEnd) send(t *testing.T, method, path, token string, body any) (int, map[string]any) {
	t.Helper()
	encoded, err := json.Marshal(body)
	check(t, err)
	request, err := http.NewRequest(method, origin+path, strings.NewReader(string(encoded)))
	check(t, err)
	request.Header.Set("st-auth-mode", "header")
	request.Header.Set("rid", "anti-csrf")
	request.Header.Set("content-type", "application/json")
	if token != "" {
		request.Header.Set("authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	check(t, err)
	defer response.Body.Close()
	if access := response.Header.Get("st-access-token"); access != "" {
		f.access = access
	}
	if refresh := response.Header.Get("st-refresh-token"); refresh != "" {
		f.refresh = refresh
	}
	answer := map[string]any{}
	_ = json.NewDecoder(response.Body).Decode(&answer)
	return response.StatusCode, answer
}

func (f *frontEnd) sign(t *testing.T, path, email, secret string) map[string]any {
	t.Helper()
	fields := []map[string]string{{"id": "email", "value": email}, {"id": "password", "value": secret}}
	_, answer := f.send(t, "POST", path, "", map[string]any{"formFields": fields})
	return answer
}

func (f *frontEnd) refreshBy(t *testing.T, token string) int {
	t.Helper()
	status, _ := f.send(t, "POST", "/auth/session/refresh", token, nil)
	return status
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T any](t *testing.T, found, expected T) {
	t.Helper()
	if !reflect.DeepEqual(found, expected) {
		t.Fatalf("found %v, expected %v", found, expected)
	}
}

// newEmail gives an address that nobody has.
func newEmail() string {
	count++
	return fmt.Sprintf("user-%d@example.com", count)
}

// signedUp makes a new user, signed in.
func signedUp(t *testing.T) (front *frontEnd, email, userID string) {
	t.Helper()
	front, email = &frontEnd{}, newEmail()
	answer := front.sign(t, "/auth/signup", email, password)
	equal(t, answer["status"], any("OK"))
	return front, email, answer["user"].(map[string]any)["id"].(string)
}
