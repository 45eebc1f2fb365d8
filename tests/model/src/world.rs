//! What there is: tokens, a jar, messages, a thief.

use crate::{
    rules::Chain,
    server::{Exchange, Rules},
};

/// A refresh token. The row's current one is of generation 0, those before it are of negative ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Token {
    pub(crate) generation: i8,
    /// Tells those apart that follow the same one. The rules make only number 0; mistaken ones more.
    pub(crate) sibling: u8,
    /// The number of the one that it follows.
    pub(crate) parent: u8,
}

/// Older tokens are as good as these.
pub(crate) const OLDEST: i8 = -3;

impl Token {
    pub(crate) const FIRST: Self = Self { generation: 0, sibling: 0, parent: 0 };

    pub(crate) fn follows(self, other: Self) -> bool {
        self.generation == other.generation + 1 && self.parent == other.sibling
    }

    /// The same token, told from a current one that is `by` generations later.
    fn shifted(self, by: i8) -> Self {
        let generation = self.generation - by;
        match generation <= OLDEST {
            true => Self { generation: OLDEST, sibling: 0, parent: 0 },
            false => Self { generation, ..self },
        }
    }
}

/// Where an honest client keeps its token.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Jar {
    /// None once it was told that the session is over.
    pub(crate) token: Option<Token>,
    /// How long ago a request with it was sent for the first time.
    pub(crate) asked: Option<i8>,
}

/// Something that is on its way. How many ticks a request has left is how it is told from one that
/// comes too late.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Message {
    Request { jar: usize, token: Token, left: i8 },
    Answer { jar: usize, to: Token, gives: Option<Token> },
}

impl Message {
    pub(crate) fn jar(&self) -> usize {
        match *self {
            Self::Request { jar, .. } | Self::Answer { jar, .. } => jar,
        }
    }

    /// The token that was asked with.
    pub(crate) fn asked_with(&self) -> Token {
        match *self {
            Self::Request { token, .. } | Self::Answer { to: token, .. } => token,
        }
    }
}

/// Something whose last step matters to a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Event {
    Nothing,
    /// The client was given the current token once more.
    Repeated,
    /// The thief and the client have the same token.
    Shared,
    /// A token was accepted once more at the last moment of all.
    AtTheBound,
    /// The session ended at the client's request, for what the thief had done.
    FoundByTheOwner,
    /// The session ended at the thief's request.
    FoundByTheThief,
    /// The session ended though there is no thief, at a request beyond the window.
    EndedBeyond,
}

/// Something that must never be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Wrong {
    /// The session ended by what honest clients did within the window.
    HonestEnd,
    /// A token was accepted longer after its first use than the bound.
    Late,
    /// A token was accepted though one that follows it had been used.
    Stale,
    /// Two tokens that follow the same one were used.
    Forked,
    /// A token was refused and the session went on.
    Survived,
    /// The client was given a token though the thief had used its own beyond the bound.
    Unnoticed,
}

/// Everything, at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct World {
    /// The session's row, its time as a distance from now; none once the session has ended.
    pub(crate) row: Option<Chain<Token>>,
    pub(crate) jars: Vec<Jar>,
    /// In one order, as the network knows none.
    pub(crate) net: Vec<Message>,
    /// What the thief holds, in one order.
    pub(crate) loot: Vec<Token>,
    /// What was used last; kept by an observer, not by the server.
    pub(crate) last: Option<Exchange>,
    pub(crate) thief_acted: bool,
    /// Whether a client has asked beyond the window.
    pub(crate) beyond: bool,
    pub(crate) event: Event,
    pub(crate) wrong: Option<Wrong>,
}

/// One world among others.
#[derive(Clone)]
pub(crate) struct Setting {
    pub(crate) rules: Rules,
    /// How many parties hold the first token, each with a jar of its own.
    pub(crate) jars: usize,
    pub(crate) has_thief: bool,
    /// How many messages may be on their way.
    pub(crate) messages: usize,
    /// The grace period.
    pub(crate) grace: i8,
    /// How far a process's clock may be apart from the true time.
    pub(crate) skew: i8,
    /// For how long after its first request with a token a client asks with it, and until when such
    /// a request may arrive.
    pub(crate) window: i8,
    /// For how long after its first use a token may be accepted.
    pub(crate) bound: i8,
    /// Whether clients ask with a new token while messages about an older one are on their way.
    pub(crate) overlapping: bool,
    /// Whether clients go on asking beyond the window.
    pub(crate) persistent: bool,
}

impl Setting {
    /// What holds by the rules: clocks eat from the window twice, and stretch the bound twice.
    pub(crate) fn new(grace: i8, skew: i8) -> Self {
        Self {
            rules: Rules::OURS,
            jars: 1,
            has_thief: false,
            messages: 3,
            grace,
            skew,
            window: grace - 2 * skew,
            bound: grace + 2 * skew,
            overlapping: false,
            persistent: false,
        }
    }

    pub(crate) fn clocks(&self) -> std::ops::RangeInclusive<i8> {
        -self.skew..=self.skew
    }

    /// A time so long ago that no rule tells it from one before.
    pub(crate) fn long_ago(&self) -> i8 {
        -(self.grace + self.skew + 1)
    }
}

impl World {
    pub(crate) fn new(setting: &Setting) -> Self {
        let row = Chain { current: Token::FIRST, previous: None, rotated_at_ms: None };
        Self {
            row: Some(row),
            jars: vec![Jar { token: Some(Token::FIRST), asked: None }; setting.jars],
            net: Vec::new(),
            loot: Vec::new(),
            last: None,
            thief_acted: false,
            beyond: false,
            event: Event::Nothing,
            wrong: None,
        }
    }

    /// Every token that somebody holds or may yet get.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = Token> {
        let held = self.jars.iter().filter_map(|jar| jar.token).chain(self.loot.iter().copied());
        held.chain(self.net.iter().filter_map(|message| match message {
            Message::Request { token, .. } => Some(*token),
            Message::Answer { gives, .. } => *gives,
        }))
    }

    /// Puts what is on its way and what the thief holds in one order, and tells tokens from the
    /// current one.
    pub(crate) fn settle(&mut self) {
        if let Some(by) = self.row.as_ref().map(|row| row.current.generation)
            && by != 0
        {
            self.each_token(|token| *token = token.shifted(by));
        }
        self.net.sort_unstable();
        self.loot.sort_unstable();
        self.loot.dedup();
    }

    fn each_token(&mut self, change: impl Fn(&mut Token)) {
        if let Some(row) = &mut self.row {
            change(&mut row.current);
            row.previous.iter_mut().for_each(&change);
        }
        self.jars.iter_mut().filter_map(|jar| jar.token.as_mut()).for_each(&change);
        self.loot.iter_mut().for_each(&change);
        self.last.iter_mut().map(|last| &mut last.token).for_each(&change);
        for message in &mut self.net {
            match message {
                Message::Request { token, .. } => change(token),
                Message::Answer { to, gives, .. } => {
                    change(to);
                    gives.iter_mut().for_each(&change);
                }
            }
        }
    }
}
