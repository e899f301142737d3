//! `/help`: what a newcomer needs.

use super::words::CALM;
use crate::discord::limits;
use crate::discord::screen::{Embed, Screen};

/// The commands that `/help` can explain, without the slash.
pub const COMMANDS: [&str; 14] = [
    "propose", "poll", "vote", "withdraw", "movie", "round", "results", "watched", "pick", "limit",
    "settings", "audit", "about", "help",
];

const OVERVIEW: &str = "\
**1. Propose** a film: `/propose`, then type a title and pick it from the list, or paste its IMDb link.
**2. See the poll**: `/poll` posts it in the channel, with posters.
**3. Vote**: click a film's number under the poll. Click again to take the vote back. Where films are ranked or \
given stars, the click opens your ballot: fill it in and press **Save**. How many films you may vote for stands \
above the poll.

`/vote` shows your own ballot, privately.
`/movie` shows a film's card without proposing it.
`/results` shows what won, and how it was counted.
`/withdraw` takes out a film that you proposed.
`/pick` leaves the choice to chance, or finds two films for an evening.
`/watched` lists what was watched here; rate it from 1 to 5 stars.
`/round status` says when the vote closes and how it is counted.
Organizers have `/round`, `/settings`, `/limit` and `/audit`.
`/about` says what runs here and where its data comes from.

To propose a film that somebody linked: right-click the message (on a phone, hold it), then Apps, then **Propose \
this movie**.

-# `/help command:propose`, and so on, explains one command.";

/// `/help` without a command.
pub fn overview() -> Screen {
    card("How to choose a film together", OVERVIEW)
}

/// `/help` for one command, with or without its slash; the overview when there is none of that name.
pub fn command(name: &str) -> Screen {
    let name = name.trim().trim_start_matches('/').to_ascii_lowercase();
    match COMMANDS.iter().find(|command| **command == name) {
        Some(command) => card(&format!("/{command}"), explain(command)),
        None => overview(),
    }
}

fn explain(command: &str) -> &'static str {
    match command {
        "propose" => {
            "Puts a film up for the vote.\n\n\
             `movie` A title picked from the list while you type; an IMDb id such as `tt0133093`; or a link to the \
             film on IMDb, TMDB or Letterboxd. Where the server allows series, the id or IMDb link of one, and with \
             `s2` behind it its second season.\n\
             `pitch` Why it should be watched, in up to 200 characters. Optional.\n\n\
             A film that is already proposed is not proposed again: you are offered to vote for it. How many films \
             you may have up at a time stands under the answer."
        }
        "poll" => {
            "Posts the poll in this channel: every proposed film, those with most votes first, ten on a page.\n\n\
             `page` The page to post. Optional.\n\n\
             Click a film's number to vote for it, and again to take the vote back; where films are ranked or given \
             stars, the click opens your ballot. ◀ ▶ turn pages for you alone. \
             The poll that was posted last is kept up to date; older ones say where it is."
        }
        "vote" => {
            "Shows your own ballot, privately: what you vote for now, and a menu to change it until the round closes. \
             Where you choose films, every change counts at once. Where you rank them or give them stars, nothing \
             counts before you press **Save**."
        }
        "withdraw" => {
            "Takes a film out of the vote.\n\n\
             `movie` One of your proposals, picked from the list. Organizers may take out any.\n\n\
             Its votes stay in the record and count no longer. You can then propose another film."
        }
        "movie" => {
            "Shows a film's card: poster, runtime, genres, director, rating, plot and trailer, and whether it is \
             proposed here.\n\n\
             `movie` A title picked from the list while you type, an IMDb id, or a link."
        }
        "round" => {
            "One vote over all films that are up. Anyone may look; the rest is for organizers.\n\n\
             `status` How it is counted, when it closes, how many have voted.\n\
             `start` New rules, a name or a closing time for the open round, or a new round. What you leave out stays. \
             `closes` takes `friday 20:00`, `in 3 days`, `2026-12-24 18:00`, in the server's time zone.\n\
             `extend` Another closing time; `never` for none.\n\
             `end` Closes it now and counts it.\n\
             `cancel` Ends it without a result; the films stay up.\n\
             `reopen` Undoes a close made by mistake, within a day, while the next round has no votes."
        }
        "results" => {
            "Shows what came of a round: the standings, what decided, how many voted, and the count step by step.\n\n\
             `round` A round picked from the list, or its number. Left out, it is the one that was closed last.\n\n\
             Whoever runs the bot can hand out the ballots, without names, with `marquee export`; anyone can count them \
             again with `marquee recount`."
        }
        "watched" => {
            "The films watched here, and how they were.\n\n\
             `list` All of them, the latest first or the best first. Only you see it.\n\
             `rate` Gives a film 1 to 5 stars, as the buttons under its card do. One rating a member; rate again to \
             change it.\n\
             `add` For organizers: marks a film as watched, today or on another day. What a round picked is offered \
             first; a film that was still up leaves the vote.\n\
             `remove` For organizers: takes it back. The film is then picked, or up for the vote, as before.\n\n\
             Before a film that was watched is proposed again, you are asked."
        }
        "pick" => {
            "Leaves the choice to something else. It decides nothing: the vote goes on.\n\n\
             `random` One of the films up for the vote. All are as likely; with `weighted` a film is as likely as its \
             votes make it.\n\
             `double-feature` The two films that together come closest to the evening's length and do not exceed \
             it.\n\
             `budget` That length in minutes; 270 if left out."
        }
        "settings" => {
            "Changes how this server uses the bot. For organizers.\n\n\
             `show` Every setting with its value, and menus to change them.\n\
             `voting` How new rounds are counted, how many films they pick, who sees the votes, what decides ties, how \
             many voters make a result; and whether members vote by the `buttons` under the poll, by `reactions` \
             with a film's number, or by `both`. Taking a reaction back withdraws the vote that it gave, and none \
             that was given by a button.\n\
             `server` Where results are announced, which role organizes, which role is pinged, the time zone of \
             closing times, and how many films a member may propose."
        }
        "limit" => {
            "How many films a member may have up for the vote at a time. For organizers.\n\n\
             `show` The server's limit and members' own, or one member's.\n\
             `set` Another limit, for everybody or for one member. Films beyond it stay.\n\
             `reset` The default again."
        }
        "audit" => {
            "Who proposed, withdrew and removed films, changed limits and settings, opened and closed rounds, the latest \
             first. For organizers. Who voted what is never in it."
        }
        "about" => {
            "Says which version runs here and for how long, how the film databases are doing, and where the data \
             comes from."
        }
        _ => OVERVIEW,
    }
}

fn card(title: &str, text: &str) -> Screen {
    limits::fitted(Screen {
        content: String::new(),
        embeds: vec![Embed {
            title: Some(title.to_owned()),
            description: Some(text.to_owned()),
            colour: Some(CALM),
            ..Embed::default()
        }],
        rows: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::discord::views::testing::{any_text, assert_within_limits};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn any_name_of_a_command_gets_an_answer(name in any_text(100)) {
            assert_within_limits(&command(&name));
        }
    }

    #[test]
    fn the_overview_names_every_command() {
        let overview = overview();
        assert_within_limits(&overview);
        let text = overview.embeds[0].description.clone().expect("a text");
        for command in COMMANDS {
            assert!(text.contains(&format!("/{command}")), "{command}");
        }
        insta::assert_snapshot!("help", text);
    }

    #[test]
    fn every_command_is_explained_in_its_own_words() {
        for name in COMMANDS.into_iter().filter(|name| *name != "help") {
            let screen = command(name);
            assert_within_limits(&screen);
            assert_eq!(screen, command(&format!(" /{name} ")));
            assert_eq!(screen.embeds[0].title.as_deref(), Some(&*format!("/{name}")));
            assert_ne!(
                screen.embeds[0].description,
                overview().embeds[0].description,
                "{name}"
            );
        }
    }

    #[test]
    fn an_unknown_command_gets_the_overview() {
        assert_eq!(command("@everyone"), overview());
    }
}
