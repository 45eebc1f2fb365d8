//! What the table says of a sequence of arrivals.
//!
//! Its rows know of one user. Several users with the address, which are there where nothing is linked
//! by it, are looked up one by one: the one whose account arrives has the word, unless another one has
//! proved the address and keeps the account out that hasn't, as if it were new.

use super::{
    table::{Arrival, First, Outcome, Policy, Table},
    world::Session,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Password,
    Third,
    Code,
}

impl Way {
    /// The way in by which something arrives; of a link, the one that it is for.
    fn of(arrival: Arrival) -> Option<Self> {
        match arrival {
            Arrival::SignUp | Arrival::SignIn | Arrival::Reset => Some(Self::Password),
            Arrival::ThirdProved | Arrival::Third => Some(Self::Third),
            Arrival::Code => Some(Self::Code),
            Arrival::Link => None,
        }
    }
}

/// A user's ways in, and whether each has proved the address.
type User = Vec<(Way, bool)>;

pub(super) struct Model<'t> {
    table: &'t Table,
    policy: Policy,
    users: Vec<User>,
}

impl<'t> Model<'t> {
    pub(super) fn new(table: &'t Table, policy: Policy) -> Self {
        Self { table, policy, users: Vec::new() }
    }

    /// Whether the table knows what comes of an arrival in a session, and after it.
    ///
    /// A third party's word that comes in a session of the same account proves the address, and makes
    /// no primary user of it before the next sign-in: FDI §7.2 permits what isn't proved beside it until
    /// then, where it is refused otherwise.
    pub(super) fn knows_sessions(&self, arrival: Arrival) -> bool {
        let is_word = arrival == Arrival::ThirdProved;
        self.users.len() == 1 && !(is_word && self.users[0].contains(&(Way::Third, false)))
    }

    /// What becomes of an arrival.
    pub(super) fn arrive(&mut self, arrival: Arrival, session: Session) -> Outcome {
        let way = Way::of(arrival).or_else(|| self.unproved());
        let own = self.users.iter().position(|user| way.is_some_and(|way| has(user, way)));
        let outcome = self.look_up(arrival, way, own, session);
        let Some(way) = way else { return outcome };
        match (outcome, own) {
            (Outcome::Own, _) => self.users.push(vec![(way, false)]),
            (Outcome::Linked, None) => self.users[0].push((way, false)),
            (Outcome::Known, Some(_)) => {}
            (Outcome::Linked | Outcome::Known, _) => panic!("{outcome} makes no sense"),
            _ => return outcome,
        }
        let is_there = |user: &&mut User| has(user, way);
        let user = self.users.iter_mut().find(is_there).expect("it has just come");
        let proves = !matches!(arrival, Arrival::SignUp | Arrival::SignIn | Arrival::Third);
        for (own, proved) in user.iter_mut() {
            *proved |= proves && *own == way;
        }
        // A sign-in shares what was proved, and so does what is linked.
        let shares =
            outcome == Outcome::Linked || !matches!(arrival, Arrival::Link | Arrival::Reset);
        if shares && has_proved(user) {
            for (_, proved) in user.iter_mut() {
                *proved = true;
            }
        }
        outcome
    }

    fn look_up(
        &self,
        arrival: Arrival,
        way: Option<Way>,
        own: Option<usize>,
        session: Session,
    ) -> Outcome {
        let cell = |user: &User, arrival| {
            let cell = self.table.cell(row(user, way, arrival), arrival, self.policy);
            if session == Session::Wanted { cell.in_session } else { cell.signed_out }
        };
        let others = || (0..self.users.len()).filter(|user| Some(*user) != own);
        let keeps_out = |arrival| {
            let mut cells = others().map(|user| cell(&self.users[user], arrival));
            cells.find(|outcome| matches!(outcome, Outcome::Refused | Outcome::Confirm))
        };
        let is_sign_in = !matches!(arrival, Arrival::Link | Arrival::Reset);
        match own.map(|own| &self.users[own]) {
            Some(user) => match cell(user, arrival) {
                Outcome::Known if is_sign_in && !has_proved(user) => {
                    let as_new = match arrival {
                        Arrival::SignIn => Arrival::SignUp,
                        other => other,
                    };
                    keeps_out(as_new).unwrap_or(Outcome::Known)
                }
                outcome => outcome,
            },
            None => match self.users.first() {
                None => self.table.cell(First::Nothing, arrival, self.policy).signed_out,
                Some(user) => keeps_out(arrival).unwrap_or_else(|| cell(user, arrival)),
            },
        }
    }

    /// The way in that a link is for.
    fn unproved(&self) -> Option<Way> {
        let is_unproved = |way| self.users.iter().flatten().any(|it| *it == (way, false));
        [Way::Password, Way::Third].into_iter().find(|way| is_unproved(*way))
    }
}

fn has(user: &User, way: Way) -> bool {
    user.iter().any(|(own, _)| *own == way)
}

fn has_proved(user: &User) -> bool {
    user.iter().any(|(_, proved)| *proved)
}

/// The row that speaks of a user: by the way in that arrives, or else by whichever it has. A link is
/// for what hasn't proved the address, whatever else the user has.
fn row(user: &User, way: Option<Way>, arrival: Arrival) -> First {
    let is_proved = way.is_none_or(|way| user.contains(&(way, true)))
        || has_proved(user) && arrival != Arrival::Link;
    if user.len() == 2 && has(user, Way::Password) && has(user, Way::Third) {
        match (has_proved(user), user.iter().all(|(_, proved)| *proved)) {
            (false, _) => return First::TwoUnproved,
            (true, true) => return First::Two,
            (true, false) => {}
        }
    }
    let shown = user.iter().map(|(own, _)| *own).min_by_key(|own| Some(*own) != way);
    match (shown.expect("a user has a way in"), is_proved) {
        (Way::Password, false) => First::Password,
        (Way::Password, true) => First::PasswordProved,
        (Way::Third, false) => First::Third,
        (Way::Third, true) => First::ThirdProved,
        (Way::Code, _) => First::Code,
    }
}
