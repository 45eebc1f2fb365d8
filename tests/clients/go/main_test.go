// Package clients runs the reference's Go SDK, which speaks CDI 3.1 and has no passkeys, against auth-server.
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

	"github.com/supertokens/supertokens-golang/ingredients/emaildelivery"
	"github.com/supertokens/supertokens-golang/recipe/emailpassword"
	"github.com/supertokens/supertokens-golang/recipe/emailverification"
	"github.com/supertokens/supertokens-golang/recipe/emailverification/evmodels"
	"github.com/supertokens/supertokens-golang/recipe/passwordless"
	"github.com/supertokens/supertokens-golang/recipe/passwordless/plessmodels"
	"github.com/supertokens/supertokens-golang/recipe/session"
	"github.com/supertokens/supertokens-golang/recipe/session/claims"
	"github.com/supertokens/supertokens-golang/recipe/session/sessmodels"
	"github.com/supertokens/supertokens-golang/recipe/thirdparty"
	"github.com/supertokens/supertokens-golang/recipe/thirdparty/tpmodels"
	"github.com/supertokens/supertokens-golang/recipe/usermetadata"
	"github.com/supertokens/supertokens-golang/recipe/userroles"
	"github.com/supertokens/supertokens-golang/recipe/userroles/userrolesclaims"
	"github.com/supertokens/supertokens-golang/supertokens"
)

const apiKey = "clients-suite-key-0123"

var origin string

var level, levelValidators = claims.PrimitiveClaim("level", func(string, string, supertokens.UserContext) (any, error) { return 1, nil }, nil)

// secondFactor says whether the second factor is done.
var secondFactor, secondFactorValidators = claims.BooleanClaim("2fa-completed", func(string, string, supertokens.UserContext) (any, error) { return false, nil }, nil)

// withSecondFactor starts every session with a second factor that is still to do.
func withSecondFactor(original sessmodels.RecipeInterface) sessmodels.RecipeInterface {
	create := *original.CreateNewSession
	*original.CreateNewSession = func(userID string, payload, data map[string]any, disableAntiCsrf *bool, tenantID string, context supertokens.UserContext) (sessmodels.SessionContainer, error) {
		payload, err := secondFactor.Build(userID, tenantID, payload, context)
		if err != nil {
			return nil, err
		}
		return create(userID, payload, data, disableAntiCsrf, tenantID, context)
	}
	return original
}

// mails holds those with codes; the last one is the newest.
var mails []emaildelivery.PasswordlessLoginType

var sendEmail = func(mail emaildelivery.EmailType, _ supertokens.UserContext) error {
	mails = append(mails, *mail.PasswordlessLogin)
	return nil
}

func TestMain(m *testing.M) {
	// Its data is in the new database that AUTH_DATABASE names, or in memory.
	database := os.Getenv("AUTH_DATABASE")
	if database == "" {
		database = "sqlite::memory:"
	}
	core := exec.Command(os.Getenv("AUTH_SERVER"), "--port", "0", "--host", "127.0.0.1", "--database", database)
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
	connectionURI := "http://" + strings.Split(line, " ")[3]
	provider, forcePKCE := startOutside(), true
	err = supertokens.Init(supertokens.TypeInput{
		Supertokens: &supertokens.ConnectionInfo{ConnectionURI: connectionURI, APIKey: apiKey},
		AppInfo: supertokens.AppInfo{
			AppName: "clients", APIDomain: "http://127.0.0.1", WebsiteDomain: "http://localhost:3000",
		},
		RecipeList: []supertokens.Recipe{
			emailpassword.Init(nil), usermetadata.Init(nil), userroles.Init(nil),
			session.Init(&sessmodels.TypeInput{Override: &sessmodels.OverrideStruct{Functions: withSecondFactor}}),
			emailverification.Init(evmodels.TypeInput{Mode: evmodels.ModeOptional}),
			thirdparty.Init(&tpmodels.TypeInput{SignInAndUpFeature: tpmodels.TypeInputSignInAndUp{
				Providers: []tpmodels.ProviderInput{{Config: tpmodels.ProviderConfig{
					ThirdPartyId: "outside",
					Clients: []tpmodels.ProviderClientConfig{{
						ClientID: clientID, ClientSecret: clientSecret, Scope: []string{"email"}, ForcePKCE: &forcePKCE,
					}},
					AuthorizationEndpoint: provider.URL + "/authorize",
					TokenEndpoint:         provider.URL + "/token",
					UserInfoEndpoint:      provider.URL + "/account",
				}}},
			}}),
			passwordless.Init(plessmodels.TypeInput{
				ContactMethodEmailOrPhone: plessmodels.ContactMethodEmailOrPhoneConfig{Enabled: true},
				FlowType:                  "USER_INPUT_CODE_AND_MAGIC_LINK",
				EmailDelivery: &emaildelivery.TypeInput{
					Service: &emaildelivery.EmailDeliveryInterface{SendEmail: &sendEmail},
				},
			}),
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
	provider.Close()
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
	for path, guard := range map[string]claims.SessionClaimValidator{
		"/write":         userrolesclaims.PermissionClaimValidators.Includes("write", nil, nil),
		"/level-two":     levelValidators.HasValue(2, nil, nil),
		"/second-factor": secondFactorValidators.IsTrue(nil, nil),
	} {
		guard := guard
		options := &sessmodels.VerifySessionOptions{
			OverrideGlobalClaimValidators: func(validators []claims.SessionClaimValidator, _ sessmodels.SessionContainer, _ supertokens.UserContext) ([]claims.SessionClaimValidator, error) {
				return append(validators, guard), nil
			},
		}
		mux.Handle(path, session.VerifySession(options, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("{}"))
		}))
	}
	for path, action := range map[string]func(sessmodels.SessionContainer) error{
		"/fetch-permissions": func(current sessmodels.SessionContainer) error {
			return current.FetchAndSetClaim(userrolesclaims.PermissionClaim)
		},
		"/level-up": func(current sessmodels.SessionContainer) error {
			return current.SetClaimValue(level, 2)
		},
		"/complete-second-factor": func(current sessmodels.SessionContainer) error {
			return current.SetClaimValue(secondFactor, true)
		},
	} {
		action := action
		mux.Handle(path, session.VerifySession(nil, func(w http.ResponseWriter, r *http.Request) {
			if err := action(session.GetSessionFromRequestContext(r.Context())); err != nil {
				_ = supertokens.ErrorHandler(err, r, w)
				return
			}
			_, _ = w.Write([]byte("{}"))
		}))
	}
	return mux
}
