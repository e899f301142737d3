//! The steps of a count in words. Each is a paragraph of bounded length, whatever the number of films.

use super::{Names, schulze, with_more};
use crate::domain::result::{RoundResult, Verdict};
use crate::domain::tally::Amount;
use crate::domain::tally::step::{HeadToHeadBy, LastBy, Move, Standing, Step, SumsBy, TieBreak, TiedLast};

/// Films with their figures that a step names at most.
const FIGURES: usize = 10;
/// Places of an order that are told.
const PLACES: usize = 15;

/// Every step of the count, a paragraph each.
pub fn all(result: &RoundResult) -> Vec<String> {
    let names = Names(result);
    let no_quorum = (result.verdict == Verdict::NoQuorum).then(|| {
        "Too few members voted, so nothing was picked. This is what their votes would have brought:"
            .to_owned()
    });
    let told = result.outcome.steps.iter().map(|step| tell(&names, result, step));
    no_quorum
        .into_iter()
        .chain(told.filter(|told| !told.is_empty()))
        .collect()
}

/// One step of the count.
pub fn tell(names: &Names<'_>, result: &RoundResult, step: &Step) -> String {
    match step {
        Step::NoVotes => "Nobody voted, so there was nothing to count.".to_owned(),
        Step::Votes { ballots, standings } => {
            format!(
                "**{}.** Most votes first: {}.",
                members(*ballots, "voted"),
                figures(names, standings)
            )
        }
        Step::Sums { ballots, standings } => format!(
            "**{}.** The sums, highest first: {}.",
            members(*ballots, "gave stars"),
            figures(names, standings)
        ),
        Step::HeadToHead {
            films,
            preferred,
            by,
            pick,
        } => head_to_head(names, result, *pick, films, *preferred, *by),
        Step::Unopposed { pick, film } => format!(
            "{}{} alone is left with stars, and is picked.",
            pick_number(result, *pick),
            names.of(film)
        ),
        Step::TiedSums {
            pick,
            films,
            chosen,
            by,
        } => format!(
            "{}{} have the same sum. {} goes on: {}.",
            pick_number(result, *pick),
            names.all(films),
            names.of(chosen),
            sums_by(*by)
        ),
        Step::Round {
            round,
            standings,
            in_play,
            exhausted,
        } => {
            let exhausted = if *exhausted == Amount::Whole(0) {
                String::new()
            } else {
                format!(" ({exhausted} have no film to go to any more)")
            };
            format!(
                "**Round {round}.** {} in play{exhausted}: {}.",
                votes(in_play),
                figures(names, standings)
            )
        }
        Step::Majority {
            film, votes, in_play, ..
        } => format!(
            "{} has {votes} of {in_play} votes, more than half, and is picked.",
            names.of(film)
        ),
        Step::Quota {
            ballots,
            picks,
            quota,
        } => format!(
            "**{}, for {picks} picks.** {quota} votes are enough for a pick: that is the least that no more than \
             {picks} films can have.",
            members(*ballots, "ranked films")
        ),
        Step::Elected { film, votes, .. } => format!(
            "{} has {votes} votes, which is enough, and is picked.",
            names.of(film)
        ),
        Step::Surplus {
            film, surplus, moved, ..
        } => format!(
            "{} needs {surplus} of its votes no more. The same share of each of its ballots moves on: {}.",
            names.of(film),
            moves(names, moved)
        ),
        Step::Out {
            film,
            votes: with,
            tie,
            moved,
            ..
        } => out(names, film, with, tie.as_ref(), moved),
        Step::Remaining { films, .. } => {
            let are = if films.len() == 1 { "is" } else { "are" };
            format!(
                "No more films are left than picks: {} {are} picked.",
                names.all(films)
            )
        }
        other => tell_rest(names, result, other),
    }
}

/// The steps of ranked ballots beyond the rounds, and those of ties.
fn tell_rest(names: &Names<'_>, result: &RoundResult, step: &Step) -> String {
    match step {
        Step::Unranked { films } => format!("Nobody ranked {}; the count goes on without.", names.all(films)),
        Step::Pairs { .. } => schulze::pairs(names, result),
        Step::Ranks { ranks } => order(names, ranks),
        Step::Tie {
            films,
            picks,
            chosen,
            by,
            first_choices,
        } => tie(names, films, *picks, chosen, *by, first_choices),
        Step::RunOff { films, picks } => format!(
            "Nothing separates {}. A run-off round picks {} of them.",
            names.all(films),
            number(*picks)
        ),
        _ => String::new(),
    }
}

fn head_to_head(
    names: &Names<'_>,
    result: &RoundResult,
    pick: u32,
    [one, other]: &[String; 2],
    [for_one, for_other]: [u64; 2],
    by: HeadToHeadBy,
) -> String {
    let (one, other) = (names.of(one), names.of(other));
    let why = match by {
        HeadToHeadBy::Preference => String::new(),
        HeadToHeadBy::HigherSum => format!(" {one} has the higher sum."),
        HeadToHeadBy::TopScores => {
            format!(" Their sums are the same too; more members give {one} five stars.")
        }
        HeadToHeadBy::Chain(by) => format!(
            " Their sums and five-star ballots are the same too; {one} {}.",
            chain(by, true)
        ),
    };
    format!(
        "{}{one} meets {other}: {for_one} {} {one} more stars, {for_other} {other}.{why} {one} is picked.",
        pick_number(result, pick),
        if for_one == 1 {
            "member gives"
        } else {
            "members give"
        },
    )
}

fn sums_by(by: SumsBy) -> String {
    match by {
        SumsBy::HeadToHead => "it is preferred to the others, two by two".to_owned(),
        SumsBy::TopScores => "more members give it five stars".to_owned(),
        SumsBy::Chain(by) => format!(
            "even their five-star ballots are the same, and it {}",
            chain(by, true)
        ),
    }
}

/// What the chain found of one film (`one`), or of several.
fn chain(by: TieBreak, one: bool) -> &'static str {
    match (by, one) {
        (TieBreak::FirstChoices, true) => "has more first choices",
        (TieBreak::FirstChoices, false) => "have more first choices",
        (TieBreak::EarlierProposal, true) => "was proposed first",
        (TieBreak::EarlierProposal, false) => "were proposed first",
        (TieBreak::Draw, true) => "was drawn first",
        (TieBreak::Draw, false) => "were drawn first",
    }
}

fn out(names: &Names<'_>, film: &str, with: &Amount, tie: Option<&TiedLast>, moved: &[Move]) -> String {
    let name = names.of(film);
    let why = tie.map_or_else(String::new, |tie| {
        let by = match tie.by {
            LastBy::FewerInRound(round) => format!("it had fewer votes in round {round}"),
            LastBy::Chain(TieBreak::FirstChoices) => "it has fewer first choices".to_owned(),
            LastBy::Chain(TieBreak::EarlierProposal) => "it was proposed last".to_owned(),
            LastBy::Chain(TieBreak::Draw) => "it was drawn last".to_owned(),
        };
        format!(
            " Of {}, tied for last, it goes because {by}.",
            names.all(&tie.films)
        )
    });
    match with {
        Amount::Whole(0) => format!("{name} is out, with no votes.{why}"),
        Amount::Whole(1) => format!(
            "{name} is out; its one vote goes to {}.{why}",
            moves(names, moved)
        ),
        with => format!(
            "{name} is out; its {with} votes go to {}.{why}",
            moves(names, moved)
        ),
    }
}

/// `Heat (2), Up (1); 1 has no film left to go to`.
fn moves(names: &Names<'_>, moved: &[Move]) -> String {
    let to: Vec<String> = moved
        .iter()
        .filter_map(|step| Some(format!("{} ({})", names.of(step.to.as_deref()?), step.votes)))
        .collect();
    let nowhere = moved.iter().find(|step| step.to.is_none());
    let told = &to[..to.len().min(FIGURES)];
    let listed = with_more(told, to.len() - told.len());
    match (listed.is_empty(), nowhere) {
        (false, None) => listed,
        (false, Some(nowhere)) => format!("{listed}; {} to none that is left", nowhere.votes),
        (true, _) => "no film that is left".to_owned(),
    }
}

fn order(names: &Names<'_>, ranks: &[Vec<String>]) -> String {
    let mut place = 1;
    let mut lines = vec!["**The order**, by who is ahead along the strongest paths:".to_owned()];
    for rank in ranks.iter().take(PLACES) {
        lines.push(format!("{place}\\. {}", names.all(rank)));
        place += rank.len();
    }
    let more: usize = ranks.iter().skip(PLACES).map(Vec::len).sum();
    if more > 0 {
        lines.push(format!("-# and {more} more"));
    }
    lines.join("\n")
}

fn tie(
    names: &Names<'_>,
    films: &[String],
    picks: u32,
    chosen: &[String],
    by: TieBreak,
    first_choices: &[Standing],
) -> String {
    let compared = if first_choices.is_empty() {
        String::new()
    } else {
        format!(" First choices: {}.", figures(names, first_choices))
    };
    let one = chosen.len() == 1;
    let which = if picks == 1 {
        "the last pick".to_owned()
    } else {
        format!("the last {picks} picks")
    };
    let are = if one { "is" } else { "are" };
    format!(
        "**A tie** for {which}: {}.{compared} {} {}, and {are} picked.",
        names.all(films),
        names.all(chosen),
        chain(by, one)
    )
}

/// `Heat 5, Up 3 and 4 more`.
fn figures(names: &Names<'_>, standings: &[Standing]) -> String {
    let told: Vec<String> = standings
        .iter()
        .take(FIGURES)
        .map(|standing| format!("{} {}", names.of(&standing.film), standing.votes))
        .collect();
    match standings.len() - told.len() {
        0 => told.join(", "),
        more => format!("{} and {more} more", told.join(", ")),
    }
}

/// Which pick is decided, where there are several.
fn pick_number(result: &RoundResult, pick: u32) -> String {
    if result.rules.picks > 1 {
        format!("**Pick {pick}.** ")
    } else {
        String::new()
    }
}

fn members(count: u64, did: &str) -> String {
    match count {
        1 => format!("1 member {did}"),
        count => format!("{count} members {did}"),
    }
}

fn votes(amount: &Amount) -> String {
    match amount {
        Amount::Whole(1) => "1 vote".to_owned(),
        amount => format!("{amount} votes"),
    }
}

fn number(count: u32) -> String {
    match count {
        1 => "one".to_owned(),
        count => count.to_string(),
    }
}
