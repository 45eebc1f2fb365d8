package clients

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
)

const clientID, clientSecret = "clients", "kept by the provider"

// outside is a provider that people sign in with (RFC 6749 §4.1 with RFC 7636): it lets in whom
// account is set to, gives a code for one exchange, and remembers what it was asked.
var outside struct {
	account         map[string]any
	exchanged, read []string
	codes           map[string]url.Values
}

func startOutside() *httptest.Server {
	outside.codes = map[string]url.Values{}
	answer := func(w http.ResponseWriter, status int, body map[string]any) {
		w.Header().Set("content-type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/authorize", func(w http.ResponseWriter, r *http.Request) {
		code := fmt.Sprintf("code-%d", len(outside.exchanged)+len(outside.codes))
		outside.codes[code] = r.URL.Query()
		back := r.URL.Query().Get("redirect_uri") + "?" + url.Values{"code": {code}}.Encode()
		http.Redirect(w, r, back, http.StatusFound)
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		code := r.PostFormValue("code")
		grant := outside.codes[code]
		delete(outside.codes, code)
		digest := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
		if grant == nil || grant.Get("client_id") != clientID ||
			r.PostFormValue("client_id") != clientID ||
			r.PostFormValue("client_secret") != clientSecret ||
			r.PostFormValue("grant_type") != "authorization_code" ||
			r.PostFormValue("redirect_uri") != grant.Get("redirect_uri") ||
			base64.RawURLEncoding.EncodeToString(digest[:]) != grant.Get("code_challenge") {
			answer(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
			return
		}
		outside.exchanged = append(outside.exchanged, code)
		answer(w, http.StatusOK, map[string]any{"access_token": "for-" + code, "token_type": "Bearer"})
	})
	mux.HandleFunc("/account", func(w http.ResponseWriter, r *http.Request) {
		for _, code := range outside.exchanged {
			if r.Header.Get("authorization") == "Bearer for-"+code {
				outside.read = append(outside.read, outside.account["sub"].(string))
				answer(w, http.StatusOK, outside.account)
				return
			}
		}
		answer(w, http.StatusUnauthorized, map[string]any{"error": "invalid_token"})
	})
	return httptest.NewServer(mux)
}
