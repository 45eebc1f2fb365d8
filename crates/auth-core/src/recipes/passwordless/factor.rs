//! The factors that codes and links stand for (FDI §6.1).

use auth_protocol::{
    LoginMethod, RecipeId, TenantId, User, passwordless::CodeProof, user::ListUsersByAccountInfo,
};

use super::{Contact, FlowType, PasswordlessInstance};
use crate::{
    Context, Result,
    factors::{ContactsOf, FactorContacts, FactorId, Factors, Proof, real_email},
    recipes::accountlinking::{ListUsersByAccountInfoInput, NewAccountInfo},
};

const BY_EMAIL: [FactorId; 2] = [FactorId::OTP_EMAIL, FactorId::LINK_EMAIL];
const BY_PHONE: [FactorId; 2] = [FactorId::OTP_PHONE, FactorId::LINK_PHONE];

impl Factors for PasswordlessInstance {
    fn first(&self) -> Vec<FactorId> {
        self.offered_factors()
    }

    fn secondary(&self) -> Vec<FactorId> {
        self.offered_factors()
    }

    fn proof(&self, factor: &FactorId) -> Option<Proof> {
        let by_email = BY_EMAIL.contains(factor).then_some(Proof::MAILBOX);
        by_email.or_else(|| BY_PHONE.contains(factor).then_some(Proof::PHONE))
    }

    fn signed_in_by(&self, method: &LoginMethod) -> Vec<FactorId> {
        if method.recipe_id != RecipeId::Passwordless {
            return Vec::new();
        }
        let by_email =
            method.email.is_some().then_some([FactorId::LINK_EMAIL, FactorId::OTP_EMAIL]);
        let has_number = method.phone_number.is_some();
        let by_phone = has_number.then_some([FactorId::LINK_PHONE, FactorId::OTP_PHONE]);
        by_email.into_iter().chain(by_phone).flatten().collect()
    }

    fn set_up_by(&self, method: &LoginMethod) -> Vec<FactorId> {
        if method.recipe_id != RecipeId::Passwordless {
            return Vec::new();
        }
        let by_email = real_email(method).map(|_| BY_EMAIL);
        let by_phone = method.phone_number.as_ref().map(|_| BY_PHONE);
        by_email.into_iter().chain(by_phone).flatten().collect()
    }

    fn contacts(&self, of: &ContactsOf<'_>) -> FactorContacts {
        let mut contacts = FactorContacts::default();
        for id in self.offered_factors() {
            if BY_EMAIL.contains(&id) {
                contacts.emails.insert(id, of.sent_to(RecipeId::Passwordless, real_email));
            } else {
                let number = |method: &LoginMethod| method.phone_number.clone();
                contacts.phone_numbers.insert(id, of.sent_to(RecipeId::Passwordless, number));
            }
        }
        contacts
    }
}

impl Contact {
    /// By a link that is sent there.
    fn by_link(&self) -> FactorId {
        match self {
            Self::Email(_) => FactorId::LINK_EMAIL,
            Self::PhoneNumber(_) => FactorId::LINK_PHONE,
        }
    }

    /// By a code that is sent there.
    fn by_code(&self) -> FactorId {
        match self {
            Self::Email(_) => FactorId::OTP_EMAIL,
            Self::PhoneNumber(_) => FactorId::OTP_PHONE,
        }
    }

    /// The factor that a proof of this contact stands for.
    pub(super) fn factor_of(&self, proof: &CodeProof) -> FactorId {
        match proof.link_code {
            Some(_) => self.by_link(),
            None => self.by_code(),
        }
    }

    /// The identity of who has it.
    pub(super) fn account(&self) -> NewAccountInfo {
        let account = NewAccountInfo::new(RecipeId::Passwordless);
        match self {
            Self::Email(email) => account.email(email),
            Self::PhoneNumber(number) => account.phone_number(number),
        }
    }

    /// The users that have it in a tenant, by whatever login method.
    pub(super) async fn users(&self, cx: &Context, tenant_id: &TenantId) -> Result<Vec<User>> {
        let (email, phone_number) = match self {
            Self::Email(email) => (Some(email.clone()), None),
            Self::PhoneNumber(number) => (None, Some(number.clone())),
        };
        let info =
            ListUsersByAccountInfo { email, phone_number, ..ListUsersByAccountInfo::default() };
        let search = ListUsersByAccountInfoInput::new(info).tenant_id(tenant_id);
        cx.accountlinking()?.list_users_by_account_info(search).await
    }

    /// The one of them that signs in by it.
    pub(super) fn user_of<'u>(&self, users: &'u [User], tenant_id: &TenantId) -> Option<&'u User> {
        users.iter().find(|user| self.method_of(user, tenant_id).is_some())
    }

    /// A user's login method of this recipe with this contact in a tenant.
    pub(super) fn method_of<'u>(
        &self,
        user: &'u User,
        tenant_id: &TenantId,
    ) -> Option<&'u LoginMethod> {
        let mut methods = user.login_methods.iter();
        methods.find(|method| self.is_of(method) && method.tenant_ids.contains(tenant_id))
    }

    /// Whether a login method is one of this recipe with this contact.
    pub(super) fn is_of(&self, method: &LoginMethod) -> bool {
        method.recipe_id == RecipeId::Passwordless && self.account().is_reached_by(method)
    }
}

impl PasswordlessInstance {
    /// What a sign-in by any contact that users may have could stand for: codes before links.
    pub(super) fn offered_factors(&self) -> Vec<FactorId> {
        let contacts = [Contact::Email(String::new()), Contact::PhoneNumber(String::new())];
        let accepted: Vec<Contact> = contacts
            .into_iter()
            .filter(|contact| self.settings.contact_method.accepts(contact))
            .collect();
        let flow_type = self.settings.flow_type;
        let codes =
            accepted.iter().filter(|_| flow_type.has_user_input_code()).map(Contact::by_code);
        let links = accepted.iter().filter(|_| flow_type.has_link()).map(Contact::by_link);
        codes.chain(links).collect()
    }

    /// What a code for a contact could stand for: as another factor of a session only a code, which
    /// is typed in where the session is.
    pub(super) fn factors_for(&self, contact: &Contact, in_session: bool) -> Vec<FactorId> {
        if in_session {
            return vec![contact.by_code()];
        }
        let own = [contact.by_code(), contact.by_link()];
        self.offered_factors().into_iter().filter(|id| own.contains(id)).collect()
    }
}

/// What is sent for factors; as configured for factors that are none of this recipe's.
pub(super) fn flow_type_of(ids: &[FactorId], configured: FlowType) -> FlowType {
    let is_link = |id: &FactorId| *id == FactorId::LINK_EMAIL || *id == FactorId::LINK_PHONE;
    match (ids.iter().any(is_link), ids.iter().any(|id| !is_link(id))) {
        (true, false) => FlowType::MagicLink,
        (false, true) => FlowType::UserInputCode,
        (true, true) => FlowType::UserInputCodeAndMagicLink,
        (false, false) => configured,
    }
}
