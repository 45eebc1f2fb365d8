// The change of the password by who knows the current one, and the end of the user's other sessions.

import { $, ApiError, onClick, onSubmit, post, showFieldErrors, showStatus } from "./app.js";

onSubmit("form-password", async (form) => {
  const [currentPassword, newPassword] = ["currentPassword", "newPassword"].map((id) => form.elements.namedItem(id).value);
  const endOtherSessions = $("password-end-others").checked;
  const answer = await post("/auth/user/password/change", { currentPassword, newPassword, endOtherSessions });
  switch (answer.status) {
    case "OK":
      form.reset();
      return showStatus("Your password is another one now.");
    case "FIELD_ERROR":
      return showFieldErrors(form, answer.formFields);
    case "WRONG_CREDENTIALS_ERROR":
      return showFieldErrors(form, [{ id: "currentPassword", error: "This is not your password." }]);
    case "NO_PASSWORD_ERROR":
      throw new ApiError("Your account has no password. Sign out and ask for a reset link to get one.");
    default:
      throw new ApiError(answer.status);
  }
});

onClick("end-others", async () => {
  const { sessionsEnded } = await post("/auth/session/others/revoke");
  showStatus(`Sessions ended elsewhere: ${sessionsEnded}.`);
});
