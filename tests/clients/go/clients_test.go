// Package clients runs the reference's Go SDK, which speaks CDI 3.1, against auth-server.
package clients

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/supertokens/supertokens-golang/recipe/emailpassword"
	"github.com/supertokens/supertokens-golang/recipe/session"
	"github.com/supertokens/supertokens-golang/recipe/session/claims"
	"github.com/supertokens/supertokens-golang/recipe/session/sessmodels"
	"github.com/supertokens/supertokens-golang/recipe/usermetadata"
	"github.com/supertokens/supertokens-golang/recipe/userroles"
	"github.com/supertokens/supertokens-golang/recipe/userroles/userrolesclaims"
	"github.com/supertokens/supertokens-golang/supertokens"
)

const (
	apiKey   = "clients-suite-key-0123"
	password = "correct1horse"
)

var origin string
var count int

func TestMain(m *testing.M) {
	core := exec.Command(os.Getenv("AUTH_SERVER"), "--port", "0", "--host", "127.0.0.1", "--database", "sqlite::memory:")
	core.Env = []string{"API_KEYS=" + apiKey, "LOG_LEVEL=ERROR"}
	core.Stderr = os.Stderr
	output, err := core.StdoutPipe()
	if err == nil {
		err = core.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	line, _ := bufio.NewReader(output).ReadString('\n')
	address := strings.Split(line, " ")[3]
	err = supertokens.Init(supertokens.TypeInput{
		Supertokens: &supertokens.ConnectionInfo{ConnectionURI: "http://" + address, APIKey: apiKey},
		AppInfo: supertokens.AppInfo{
			AppName: "clients", APIDomain: "http://127.0.0.1", WebsiteDomain: "http://localhost:3000",
		},
		RecipeList: []supertokens.Recipe{
			emailpassword.Init(nil), session.Init(nil), usermetadata.Init(nil), userroles.Init(nil),
		},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	server := httptest.NewServer(supertokens.Middleware(routes()))
	origin = server.URL
	code := m.Run()
	server.Close()
	_ = core.Process.Kill()
	_ = core.Wait()
	os.Exit(code)
}

func routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/me", session.VerifySession(nil, func(w http.ResponseWriter, r *http.Request) {
		current := session.GetSessionFromRequestContext(r.Context())
		_ = json.NewEncoder(w).Encode(map[string]string{"userId": current.GetUserID()})
	}))
	mayWrite := &sessmodels.VerifySessionOptions{
		OverrideGlobalClaimValidators: func(validators []claims.SessionClaimValidator, _ sessmodels.SessionContainer, _ supertokens.UserContext) ([]claims.SessionClaimValidator, error) {
			return append(validators, userrolesclaims.PermissionClaimValidators.Includes("write", nil, nil)), nil
		},
	}
	mux.Handle("/write", session.VerifySession(mayWrite, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("{}"))
	}))
	mux.Handle("/fetch-permissions", session.VerifySession(nil, func(w http.ResponseWriter, r *http.Request) {
		current := session.GetSessionFromRequestContext(r.Context())
		if err := current.FetchAndSetClaim(userrolesclaims.PermissionClaim); err != nil {
			_ = supertokens.ErrorHandler(err, r, w)
			return
		}
		_, _ = w.Write([]byte("{}"))
	}))
	return mux
}

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

func equal[T comparable](t *testing.T, found, expected T) {
	t.Helper()
	if found != expected {
		t.Fatalf("found %v, expected %v", found, expected)
	}
}

// signedUp makes a new user, signed in.
func signedUp(t *testing.T) (front *frontEnd, email, userID string) {
	t.Helper()
	count++
	front, email = &frontEnd{}, fmt.Sprintf("user-%d@example.com", count)
	answer := front.sign(t, "/auth/signup", email, password)
	equal(t, answer["status"], any("OK"))
	return front, email, answer["user"].(map[string]any)["id"].(string)
}

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
	front.send(t, "POST", "/fetch-permissions", front.access, nil)
	status, _ = front.send(t, "GET", "/write", front.access, nil)
	equal(t, status, 200)
	deleted, err := userroles.DeleteRole("editor", nil)
	check(t, err)
	equal(t, deleted.OK.DidRoleExist, true)
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

func TestUsersArePagedThroughAndDeleted(t *testing.T) {
	before, err := supertokens.GetUserCount(nil, nil)
	check(t, err)
	var last string
	for i := 0; i < 3; i++ {
		_, _, last = signedUp(t)
	}
	seen, limit := map[string]bool{}, 2
	var token *string
	for {
		page, err := supertokens.GetUsersNewestFirst("public", token, &limit, nil, nil)
		check(t, err)
		for _, user := range page.Users {
			seen[user.User["id"].(string)] = true
		}
		if token = page.NextPaginationToken; token == nil {
			break
		}
	}
	equal(t, float64(len(seen)), before+3)
	check(t, supertokens.DeleteUser(last))
	gone, err := emailpassword.GetUserByID(last)
	check(t, err)
	equal(t, gone == nil, true)
}
