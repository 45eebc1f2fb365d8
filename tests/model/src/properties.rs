//! What happens, and what must hold.

use stateright::{Model, Property};

use crate::{
    rules::Decision,
    server::Who,
    world::{Event, Message, OLDEST, Setting, Token, World, Wrong},
};

/// (a), (d) No order of requests and answers of honest clients ends a session within the window,
/// whatever is lost.
pub(crate) const HONEST: &str = "no honest order ends a session";
/// (b) All tokens that would be accepted now lie on one line, each following the one before.
pub(crate) const ONE_LINE: &str = "one chain is live";
/// (b) A token is followed by one, whoever asks and whenever.
pub(crate) const ONE_SUCCESSOR: &str = "a token has one successor";
/// (b), (c) After its first use a token is accepted until the bound, so that two parties who both go
/// on must follow each other within the bound in every generation.
pub(crate) const BOUND: &str = "a used token is worthless beyond the bound";
/// (b), (c) A token whose successor was used is accepted never more.
pub(crate) const NO_STALE: &str = "a token is worthless once its successor was used";
/// (c) Who presents a token that isn't accepted ends the session for all.
pub(crate) const ENDS: &str = "a refused token ends the session";
/// (c) The client's first refresh after the thief has used its token, beyond the bound, ends the
/// session.
pub(crate) const NOTICED: &str = "theft is noticed at the owner's next refresh";

/// What can happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Time passes.
    Tick,
    /// A client asks with what its jar holds.
    Ask(usize),
    /// A process answers a request, by a clock that is so much apart.
    Answer(Message, i8),
    /// An answer arrives.
    Arrive(Message),
    Lose(Message),
    /// The thief copies what a jar holds.
    Copy(usize),
    /// The thief presents a token to a process whose clock is so much apart, and gets the answer.
    Present(Token, i8),
}

impl Model for Setting {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self)]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        // Nothing is accepted without a row, and what is wrong already needn't get worse.
        if world.row.is_none() || world.wrong.is_some() {
            return;
        }
        actions.push(Action::Tick);
        for (index, jar) in world.jars.iter().enumerate() {
            if self.may_ask(world, index) {
                actions.push(Action::Ask(index));
            }
            if self.has_thief && jar.token.is_some_and(|token| !world.loot.contains(&token)) {
                actions.push(Action::Copy(index));
            }
        }
        for (index, message) in world.net.iter().enumerate() {
            // Two that are alike come to the same.
            if index > 0 && world.net[index - 1] == *message {
                continue;
            }
            match message {
                Message::Request { .. } => {
                    let clocks = self.clocks();
                    actions.extend(clocks.map(|clock| Action::Answer(message.clone(), clock)));
                }
                Message::Answer { .. } => actions.push(Action::Arrive(message.clone())),
            }
            actions.push(Action::Lose(message.clone()));
        }
        let claimed = (!self.rules.own_clock).then(|| self.long_ago());
        for token in &world.loot {
            let clocks = self.clocks().chain(claimed);
            actions.extend(clocks.map(|clock| Action::Present(*token, clock)));
        }
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = World { event: Event::Nothing, ..world.clone() };
        match action {
            Action::Tick => next.tick(self),
            Action::Ask(jar) => next.ask(self, jar)?,
            Action::Answer(message, clock) => {
                next.take(&message);
                let (jar, to) = (message.jar(), message.asked_with());
                let gives = next.refresh(self, Who::Owner, to, clock);
                next.net.push(Message::Answer { jar, to, gives });
            }
            Action::Arrive(message) => {
                next.take(&message);
                let Message::Answer { jar, gives, .. } = message else { return None };
                let jar = &mut next.jars[jar];
                if jar.token != gives {
                    (jar.token, jar.asked) = (gives, None);
                }
            }
            Action::Lose(message) => next.take(&message),
            Action::Copy(jar) => next.loot.extend(next.jars[jar].token),
            Action::Present(token, clock) => {
                let gives = next.refresh(self, Who::Thief, token, clock);
                next.loot.extend(gives);
            }
        }
        next.settle();
        (next != *world).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always(HONEST, |_, world: &World| world.wrong != Some(Wrong::HonestEnd)),
            Property::always(ONE_LINE, Setting::has_one_line),
            Property::always(ONE_SUCCESSOR, |_, world: &World| {
                world.wrong != Some(Wrong::Forked) && world.answers_agree()
            }),
            Property::always(BOUND, |_, world: &World| world.wrong != Some(Wrong::Late)),
            Property::always(NO_STALE, |_, world: &World| world.wrong != Some(Wrong::Stale)),
            Property::always(ENDS, |_, world: &World| world.wrong != Some(Wrong::Survived)),
            Property::always(NOTICED, |_, world: &World| world.wrong != Some(Wrong::Unnoticed)),
            // What must be able to happen, or the world says nothing about it.
            Property::sometimes("a client gets an answer again", |_, world: &World| {
                world.event == Event::Repeated
            }),
        ];
        if self.has_thief {
            properties.extend([
                Property::sometimes("a token is accepted at the bound", |_, world: &World| {
                    world.event == Event::AtTheBound
                }),
                Property::sometimes(
                    "a thief shares the chain within the bound",
                    |_, world: &World| world.event == Event::Shared,
                ),
                Property::sometimes("the owner finds a theft", |_, world: &World| {
                    world.event == Event::FoundByTheOwner
                }),
                Property::sometimes("a thief gives himself away", |_, world: &World| {
                    world.event == Event::FoundByTheThief
                }),
            ]);
        }
        if self.persistent {
            let name = "a lost answer ends a session that is asked for beyond the window";
            properties.push(Property::sometimes(name, |_, world: &World| {
                world.event == Event::EndedBeyond
            }));
        }
        properties
    }
}

impl Setting {
    fn may_ask(&self, world: &World, index: usize) -> bool {
        let jar = &world.jars[index];
        let Some(token) = jar.token else { return false };
        let mut own = world.net.iter().filter(|message| message.jar() == index);
        world.net.len() < self.messages
            && (self.persistent || jar.asked.is_none_or(|asked| asked <= self.window))
            && (self.overlapping || own.all(|message| message.asked_with() == token))
    }

    /// Whether all tokens that some process would accept now lie on one line.
    fn has_one_line(&self, world: &World) -> bool {
        let Some(row) = &world.row else { return true };
        let mut good: Vec<Token> = world
            .tokens()
            .filter(|token| {
                self.clocks().any(|clock| {
                    let shown = self.rules.show(world, *token);
                    let decision =
                        (self.rules.decide)(row, &shown, clock.into(), self.grace.into());
                    !matches!(decision, Decision::Ended(_))
                })
            })
            .collect();
        good.sort_unstable();
        good.dedup();
        good.windows(2).all(|pair| pair[1].follows(pair[0]))
    }
}

impl World {
    fn tick(&mut self, setting: &Setting) {
        if let Some(at) = self.row.as_mut().and_then(|row| row.rotated_at_ms.as_mut()) {
            *at = (*at - 1).max(setting.long_ago().into());
        }
        for asked in self.jars.iter_mut().filter_map(|jar| jar.asked.as_mut()) {
            *asked = (*asked + 1).min(setting.window + 1);
        }
        self.net.retain_mut(|message| match message {
            Message::Request { left, .. } => {
                *left -= 1;
                *left >= 0
            }
            Message::Answer { .. } => true,
        });
        if let Some(last) = &mut self.last {
            last.first = (last.first + 1).min(setting.bound + 1);
            last.by_thief = last.by_thief.map(|at| (at + 1).min(setting.bound + 1));
        }
    }

    fn ask(&mut self, setting: &Setting, index: usize) -> Option<()> {
        let jar = &mut self.jars[index];
        let token = jar.token?;
        let asked = *jar.asked.get_or_insert(0);
        self.beyond |= asked > setting.window;
        // Beyond it, it arrives at once or never.
        let left = (setting.window - asked).max(0);
        self.net.push(Message::Request { jar: index, token, left });
        Some(())
    }

    fn take(&mut self, message: &Message) {
        if let Some(index) = self.net.iter().position(|it| it == message) {
            self.net.remove(index);
        }
    }

    /// Whether those answers that are on their way to the same request give the same token; the
    /// oldest tokens aren't told apart.
    fn answers_agree(&self) -> bool {
        let answers = self.net.iter().filter_map(|message| match message {
            Message::Answer { to, gives: Some(gives), .. } if to.generation > OLDEST => {
                Some((to, gives))
            }
            _ => None,
        });
        answers
            .clone()
            .all(|(to, gives)| answers.clone().all(|(other, given)| to != other || gives == given))
    }
}
