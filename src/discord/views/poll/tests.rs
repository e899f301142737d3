//! The poll as drawn, for every audience and for hostile data.

use proptest::prelude::*;

use super::*;
use crate::discord::screen::Press;
use crate::discord::views::testing::{
    GUILD, LIVE, ROUND, any_page, any_text, assert_within_limits, bare, matrix, page, proposal,
};
use crate::domain::ids::RoundId;
use crate::domain::reaction::VoteInput;

fn usual() -> PollPage {
    let old = matrix();
    let mut page = page(vec![
        (
            proposal(11, matrix(), Some("Because *nobody* here has seen it.")),
            8,
            Details::Fresh,
        ),
        (proposal(12, old, None), 4, Details::Old),
        (
            proposal(13, bare(3, "Alien", Some("tt0078748")), None),
            1,
            Details::OnTheWay,
        ),
        (
            proposal(14, bare(4, "Emma", Some("tt9214832")), None),
            0,
            Details::None,
        ),
        (
            proposal(15, bare(5, "Grandma's tape", None), None),
            0,
            Details::None,
        ),
    ]);
    page.head.voters = 12;
    page
}

fn buttons(screen: &Screen) -> Vec<&Button> {
    screen
        .rows
        .iter()
        .flat_map(|row| match row {
            Row::Buttons(buttons) => buttons.iter().collect(),
            Row::Select(_) | Row::Pick(_) => Vec::new(),
        })
        .collect()
}

fn description(screen: &Screen, at: usize) -> &str {
    screen.embeds[at].description.as_deref().expect("a description")
}

/// A poll whose films have these numbers.
fn numbered(input: VoteInput, numbers: &[Option<u32>]) -> PollPage {
    let mut page = usual();
    page.head.input = input;
    for (entry, number) in page.entries.iter_mut().zip(numbers) {
        entry.number = number.and_then(Number::new);
    }
    page
}

fn labels(screen: &Screen) -> Vec<&str> {
    buttons(screen)
        .into_iter()
        .map(|button| button.label.as_str())
        .collect()
}

#[test]
fn a_film_is_named_by_the_number_to_react_with() {
    let page = numbered(VoteInput::Both, &[Some(3), Some(10), None, Some(1), Some(2)]);
    let drawn = screen(&page, Audience::Channel);
    let titles: Vec<_> = drawn
        .embeds
        .iter()
        .filter_map(|embed| embed.title.as_deref())
        .collect();
    assert!(
        titles[0].starts_with("3\u{fe0f}\u{20e3} The Matrix"),
        "{titles:?}"
    );
    assert!(titles[1].starts_with("\u{1f51f} The Matrix"), "{titles:?}");
    assert!(titles[2].starts_with("• Alien"), "{titles:?}");
    assert_eq!(
        labels(&drawn)[..5],
        ["3 · 8", "10 · 4", "• · 1", "1 · 0", "2 · 0"]
    );
    assert!(drawn.content.contains("React with a film's number"));

    // The numbers are the live message's, and a retired one has others.
    let retired = Audience::Retired {
        live: Some(LIVE),
        guild: GUILD,
    };
    assert_eq!(labels(&screen(&page, retired))[0], "• · 8");
}

#[test]
fn a_poll_by_reactions_has_buttons_for_films_on_private_pages_only() {
    let page = numbered(
        VoteInput::Reactions,
        &[Some(1), Some(2), Some(3), Some(4), Some(5)],
    );
    assert_eq!(
        labels(&screen(&page, Audience::Channel)),
        ["My ballot", "Results so far"]
    );
    assert_eq!(labels(&screen(&page, Audience::Private))[0], "1 · 8");
}

#[test]
fn a_poll_looks_like_this() {
    insta::assert_yaml_snapshot!("poll", screen(&usual(), Audience::Channel).to_json());
}

#[test]
fn a_run_off_several_picks_and_the_seed_of_a_draw_are_told_before_the_vote() {
    let mut page = usual();
    let round = &mut page.head.round;
    round.runoff_of = Some(RoundId(9));
    round.rules.picks = 2;
    round.rules.ties = TieRule::Draw;
    round.draw_seed = Some("00c0ffee`00c0ffee".to_owned());
    insta::assert_snapshot!(screen(&page, Audience::Channel).content);
}

#[test]
fn how_many_votes_the_tie_rule_and_the_quorum_are_told_before_the_vote() {
    let mut page = usual();
    let rules = &mut page.head.round.rules;
    (rules.method, rules.votes_each, rules.quorum) = (Method::Limited, 4, Some(5));
    insta::assert_snapshot!(screen(&page, Audience::Channel).content);
}

#[test]
fn the_heading_says_what_and_how_and_until_when() {
    let mut page = usual();
    page.head.round.title = Some("Friday *night*".into());
    page.head.round.closes_at = Some(1_790_000_000);
    page.head.proposals = 23;
    insta::assert_snapshot!(screen(&page, Audience::Channel).content, @r"
    ## Friday \*night\*
    Vote for every film you would watch; most votes win.
    -# Of tied films, the one proposed first wins.
    Closes <t:1790000000:R> · 12 members have voted · page 1 of 3
    ");
    page.head.voters = 0;
    page.head.round.closes_at = None;
    page.head.round.title = None;
    insta::assert_snapshot!(screen(&page, Audience::Private).content, @r"
    ## What shall we watch?
    Vote for every film you would watch; most votes win.
    -# Of tied films, the one proposed first wins.
    Nobody has voted yet · page 1 of 3
    -# Only you see this page. Votes here count like those in the channel.
    ");
}

#[test]
fn a_retired_poll_says_where_it_lives_now_and_still_takes_votes() {
    let retired = Audience::Retired {
        live: Some(LIVE),
        guild: GUILD,
    };
    let moved = screen(&usual(), retired);
    insta::assert_snapshot!(moved.content, @r"
    ## What shall we watch?
    **This poll has moved:** https://discord.com/channels/110373943822540800/110373943822540801/1130373943822540802
    The buttons here still count; the figures stand still.
    Vote for every film you would watch; most votes win.
    -# Of tied films, the one proposed first wins.
    12 members have voted · page 1 of 1
    ");
    let labels: Vec<&str> = buttons(&moved).iter().map(|button| &*button.label).collect();
    assert_eq!(
        labels,
        [
            "1 · 8",
            "2 · 4",
            "3 · 1",
            "4 · 0",
            "5 · 0",
            "My ballot",
            "Results so far",
            "Live poll"
        ]
    );
    let nowhere = screen(
        &usual(),
        Audience::Retired {
            live: None,
            guild: GUILD,
        },
    );
    insta::assert_snapshot!(nowhere.content, @r"
    ## What shall we watch?
    **This poll is no longer brought up to date.** The buttons here still count; `/poll` shows it as it is now.
    Vote for every film you would watch; most votes win.
    -# Of tied films, the one proposed first wins.
    12 members have voted · page 1 of 1
    ");
}

#[test]
fn an_empty_poll_says_how_to_begin() {
    let empty = screen(&page(vec![]), Audience::Channel);
    insta::assert_snapshot!(empty.content, @r"
    ## What shall we watch?
    Vote for every film you would watch; most votes win.
    -# Of tied films, the one proposed first wins.
    Nobody has voted yet · page 1 of 1

    Nothing is proposed yet. Put the first film up with `/propose`.
    ");
    assert!(empty.embeds.is_empty() && empty.rows.is_empty());
}

#[test]
fn a_full_page_has_two_rows_of_films_and_private_paging() {
    let standings = (1..=10).map(|key| (proposal(key, matrix(), None), 0, Details::Fresh));
    let mut page = page(standings.collect());
    page.head.proposals = 23;
    let first = screen(&page, Audience::Channel);
    assert_eq!(first.rows.len(), 3);
    let last_row: Vec<(&str, bool)> = buttons(&first)[10..]
        .iter()
        .map(|button| (&*button.label, button.enabled))
        .collect();
    assert_eq!(
        last_row,
        [
            ("My ballot", true),
            ("◀", false),
            ("▶", true),
            ("Results so far", true)
        ]
    );
    page.page = 3;
    let last = screen(&page, Audience::Private);
    let turns: Vec<bool> = buttons(&last)[11..13]
        .iter()
        .map(|button| button.enabled)
        .collect();
    assert_eq!(turns, [true, false]);
    assert_eq!(
        buttons(&last)[11].press,
        Press::Control(Control::Page {
            round: ROUND,
            page: 2
        })
    );
}

#[test]
fn a_vote_on_a_private_page_knows_its_page() {
    let private = screen(&usual(), Audience::Private);
    let first = &buttons(&private)[0].press;
    let proposal = crate::domain::ids::ProposalId(11);
    assert_eq!(
        first,
        &Press::Control(Control::ToggleOnPage {
            round: ROUND,
            proposal,
            page: 1
        })
    );
    let shared = screen(&usual(), Audience::Channel);
    assert_eq!(
        buttons(&shared)[0].press,
        Press::Control(Control::Toggle {
            round: ROUND,
            proposal
        })
    );
}

#[test]
fn only_the_leader_is_gold() {
    let shown = screen(&usual(), Audience::Channel);
    let gold: Vec<bool> = shown
        .embeds
        .iter()
        .map(|embed| embed.colour == Some(GOLD))
        .collect();
    assert_eq!(gold, [true, false, false, false, false]);
}

#[test]
fn a_round_that_is_over_takes_no_votes() {
    for (state, said) in [
        (RoundState::Closed, "This round is over"),
        (RoundState::Cancelled, "This round was cancelled"),
    ] {
        let mut page = usual();
        page.head.round.state = state;
        let over = screen(&page, Audience::Channel);
        assert!(over.rows.is_empty());
        assert!(over.content.contains(said), "{}", over.content);
    }
}

#[test]
fn voters_beyond_the_first_are_counted() {
    let shown = screen(&usual(), Audience::Channel);
    assert!(
        description(&shown, 0).ends_with(" +4 more"),
        "{}",
        description(&shown, 0)
    );
    assert!(
        !description(&shown, 1).contains("more"),
        "{}",
        description(&shown, 1)
    );
}

#[test]
fn ten_long_films_share_the_budget_fairly() {
    let title = "Long title ".repeat(40);
    let mut film = matrix();
    let data = &mut film.cached.as_mut().expect("data").data;
    data.title.clone_from(&title);
    data.genres = vec!["G".repeat(80); 8];
    let pitch = "p".repeat(200);
    let standings = (1..=10)
        .map(|key| {
            let short = key == 4;
            let pitch = if short { "short" } else { &*pitch };
            (proposal(key, film.clone(), Some(pitch)), 5000, Details::Old)
        })
        .collect();
    let shown = screen(&page(standings), Audience::Channel);
    assert_within_limits(&shown);
    assert!(
        limits::embeds_total(&shown) > EMBEDS_TOTAL - 100,
        "the budget is used: {}",
        limits::embeds_total(&shown)
    );
    for (at, embed) in shown.embeds.iter().enumerate() {
        let lines: Vec<&str> = description(&shown, at).lines().collect();
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert!(lines[0].starts_with("★ 8.7 IMDb · 2 h 16 min · G"));
        assert_eq!(lines[2], "▰▰▰▰▰▰▰▰▰▰ 5000 votes");
        assert!(lines[3].ends_with(" +4996 more"), "{}", lines[3]);
        assert!(
            embed
                .title
                .as_deref()
                .is_some_and(|title| title.ends_with("… (1999)"))
        );
        assert_eq!(
            embed.url.as_deref(),
            Some("https://www.imdb.com/title/tt0133093/")
        );
        let pitch = units(lines[1]);
        assert!(
            if at == 3 {
                lines[1] == "> short"
            } else {
                pitch > 40
            },
            "{}",
            lines[1]
        );
    }
}

#[test]
fn a_poll_with_hidden_counts_shows_nothing_of_the_votes() {
    let mut page = usual();
    page.head.round.rules.secrecy = Secrecy::Hidden;
    for entry in &mut page.entries {
        entry.leads = false;
        entry.standing.votes = None;
        entry.standing.first_voters.clear();
    }
    page.most_votes = 0;
    let drawn = screen(&page, Audience::Channel);
    assert_eq!(labels(&drawn), ["1", "2", "3", "4", "5", "My ballot"]);
    let json = drawn.to_json().to_string();
    for trace in ["▰", "▱", " vote\"", "votes\"", "Votes:", "Results so far"] {
        assert!(!json.contains(trace), "{trace}: {json}");
    }
    assert!(drawn.embeds.iter().all(|embed| embed.colour == Some(CALM)));
    insta::assert_snapshot!(drawn.content, @r"
    ## What shall we watch?
    Vote for every film you would watch; most votes win.
    No counts are shown before the close, only how many have voted.
    -# Of tied films, the one proposed first wins.
    12 members have voted · page 1 of 1
    ");
    page.head.round.rules.secrecy = Secrecy::Anonymous;
    let drawn = screen(&page, Audience::Channel);
    assert!(
        drawn.content.contains("nobody sees who voted for what"),
        "{}",
        drawn.content
    );
}

#[test]
fn where_films_are_ranked_buttons_are_numbers_and_open_the_ballot() {
    for (method, how, bar) in [
        (Method::Irv, "to rank the films", "8 first choices"),
        (Method::Star, "to give stars", "8 stars"),
    ] {
        let mut page = usual();
        page.head.round.rules.method = method;
        let drawn = screen(&page, Audience::Channel);
        assert_eq!(labels(&drawn)[..5], ["1", "2", "3", "4", "5"]);
        assert!(drawn.content.contains(how), "{}", drawn.content);
        let first = drawn.embeds[0].description.as_deref().expect("a text");
        assert!(first.contains(bar), "{first}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_poll_fits_and_keeps_what_matters(page in any_page(), private in any::<bool>()) {
        let audience = if private { Audience::Private } else { Audience::Channel };
        let shown = screen(&page, audience);
        assert_within_limits(&shown);
        prop_assert_eq!(shown.embeds.len(), page.entries.len());
        for (at, (embed, entry)) in shown.embeds.iter().zip(&page.entries).enumerate() {
            let rank = format!("{}. ", entry.rank);
            prop_assert!(embed.title.as_deref().is_some_and(|title| title.starts_with(&rank) && title.len() > rank.len()));
            prop_assert_eq!(&embed.url, &entry.standing.proposal.film.imdb_id.as_ref().map(crate::domain::ids::ImdbId::url));
            let votes = entry.standing.votes.expect("counts are shown");
            let count = format!("{} {}", words::bar(votes, page.most_votes), words::votes(votes));
            prop_assert!(description(&shown, at).lines().any(|line| line == count));
            prop_assert!(description(&shown, at).lines().count() <= 4);
        }
        prop_assert!(shown.content.contains(&*page.head.round.rules.sentence()));
    }

    #[test]
    fn no_title_or_pitch_can_mention_anybody(text in any_text(300)) {
        let film = bare(1, &text, Some("tt0133093"));
        let mut page = page(vec![(proposal(1, film, Some(&text)), 0, Details::Fresh)]);
        page.head.round.title = Some(text);
        let shown = screen(&page, Audience::Retired { live: Some(LIVE), guild: GUILD });
        let title = shown.embeds[0].title.clone().unwrap_or_default();
        let mut texts = vec![title, shown.content.clone()];
        texts.extend(description(&shown, 0).lines().filter(|line| !line.starts_with("-# ")).map(str::to_owned));
        for text in texts {
            let bare = text.replace("\\\\", "");
            for markup in ["@everyone", "<@", "[click](", "**bold", "||", "```"] {
                let unescaped = bare.match_indices(markup).any(|(at, _)| !bare[..at].ends_with('\\'));
                prop_assert!(!unescaped, "{} in {}", markup, text);
            }
        }
    }
}
