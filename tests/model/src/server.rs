//! A process that is presented a token, and an observer who looks on.

use crate::{
    rules::{self, Chain, Decision, Presented},
    world::{Event, Setting, Token, World, Wrong},
};

/// A token in somebody's hand.
pub(crate) struct Shown {
    pub(crate) token: Token,
    pub(crate) next: Token,
}

impl Presented<Token> for Shown {
    fn own(&self) -> Token {
        self.token
    }

    fn next(&self) -> Token {
        self.next
    }

    fn is(&self, kept: &Token) -> bool {
        self.token == *kept
    }

    fn descends_from(&self, kept: &Token) -> bool {
        self.token.follows(*kept)
    }
}

type Decide = fn(&Chain<Token>, &Shown, i64, i64) -> Decision<Token>;

/// The rules of a server: ours, or ours with a mistake.
#[derive(Clone, Copy)]
pub(crate) struct Rules {
    pub(crate) decide: Decide,
    /// Whether the token that follows another one is made from it, or at random.
    pub(crate) derives: bool,
    /// Whether a session ends where the rules say so.
    pub(crate) ends: bool,
    /// Whether the time is the server's own, or what a request says.
    pub(crate) own_clock: bool,
}

impl Rules {
    pub(crate) const OURS: Self =
        Self { decide: rules::decide::<Token>, derives: true, ends: true, own_clock: true };

    /// The token with the one that follows it.
    pub(crate) fn show(&self, world: &World, token: Token) -> Shown {
        let generation = token.generation + 1;
        let is_new = |number: &u8| {
            let row = world.row.iter().map(|row| row.current);
            let mut known = world.tokens().chain(row);
            !known.any(|known| known.generation == generation && known.sibling == *number)
        };
        let sibling = match self.derives {
            true => 0,
            false => (0..u8::MAX).find(is_new).unwrap_or(u8::MAX),
        };
        Shown { token, next: Token { generation, sibling, parent: token.sibling } }
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Owner,
    Thief,
}

/// When a token was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Exchange {
    pub(crate) token: Token,
    /// How long ago for the first time.
    pub(crate) first: i8,
    /// How long ago for the first time by the thief.
    pub(crate) by_thief: Option<i8>,
}

impl World {
    /// A process answers a request, by a clock that is `clock` apart from the true time; the token
    /// that it gives.
    pub(crate) fn refresh(
        &mut self,
        setting: &Setting,
        who: Who,
        token: Token,
        clock: i8,
    ) -> Option<Token> {
        let chain = self.row.clone()?;
        let shown = setting.rules.show(self, token);
        let decision = (setting.rules.decide)(&chain, &shown, clock.into(), setting.grace.into());
        let gives = match decision {
            Decision::Rotated(chain) => {
                let current = chain.current;
                self.row = Some(chain);
                Some(current)
            }
            Decision::Repeated => {
                if who == Who::Owner {
                    self.event = Event::Repeated;
                }
                Some(chain.current)
            }
            Decision::Ended(_) => {
                if setting.rules.ends {
                    self.row = None;
                }
                None
            }
        };
        if who == Who::Thief {
            self.thief_acted = true;
        }
        match gives {
            Some(_) => self.observe_use(setting, who, token),
            None => self.observe_refusal(who),
        }
        gives
    }

    /// What an observer with the true time thinks of a token that was accepted.
    fn observe_use(&mut self, setting: &Setting, who: Who, token: Token) {
        let new = Exchange { token, first: 0, by_thief: (who == Who::Thief).then_some(0) };
        let Some(last) = &mut self.last else {
            self.last = Some(new);
            return;
        };
        if token.generation > last.token.generation {
            *last = new;
            return;
        }
        let is_unnoticed = who == Who::Owner && last.by_thief.is_some_and(|at| at > setting.bound);
        if token.generation < last.token.generation {
            self.wrong = Some(Wrong::Stale);
        } else if token != last.token {
            self.wrong = Some(Wrong::Forked);
        } else if is_unnoticed {
            self.wrong = Some(Wrong::Unnoticed);
        } else if last.first > setting.bound {
            self.wrong = Some(Wrong::Late);
        } else if last.first == setting.bound {
            self.event = Event::AtTheBound;
        }
        let is_thief = who == Who::Thief;
        if is_thief != last.by_thief.is_some() {
            self.event = Event::Shared;
        }
        if is_thief {
            last.by_thief.get_or_insert(0);
        }
    }

    fn observe_refusal(&mut self, who: Who) {
        if self.row.is_some() {
            self.wrong = Some(Wrong::Survived);
        }
        match (who, self.thief_acted) {
            (Who::Thief, _) => self.event = Event::FoundByTheThief,
            (Who::Owner, true) => self.event = Event::FoundByTheOwner,
            (Who::Owner, false) if self.beyond => self.event = Event::EndedBeyond,
            (Who::Owner, false) => self.wrong = Some(Wrong::HonestEnd),
        }
    }
}
