//! Cutting, sharing and fitting, with hostile screens.

use proptest::prelude::*;

use super::*;
use crate::discord::components::Control;
use crate::discord::screen::{Choice, Field, Style};
use crate::discord::views::testing::{any_text, assert_discord_takes};
use crate::domain::ids::RoundId;

#[test]
fn short_text_stays_as_it_is() {
    assert_eq!(cut("Alien", 5), "Alien");
    assert_eq!(cut("", 0), "");
}

#[test]
fn long_text_is_cut_between_graphemes() {
    assert_eq!(cut("Aliens", 5), "Alie…");
    assert_eq!(cut("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 12), "👩‍👩‍👧‍👦…");
    assert_eq!(cut("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 11), "…");
    assert_eq!(cut("e\u{301}e\u{301}e\u{301}", 5), "e\u{301}e\u{301}…");
    assert_eq!(cut("Aliens", 0), "");
}

#[test]
fn a_cut_leaves_no_blank_and_no_escape_without_its_character() {
    assert_eq!(cut("The Thing", 5), "The…");
    assert_eq!(cut("ab\\*cd", 4), "ab…");
    assert_eq!(cut("ab\\\\cd", 5), "ab\\\\…");
}

#[test]
fn emoji_count_as_the_two_units_they_may_be() {
    assert_eq!(units("🎬"), 2);
    assert_eq!(cut("🎬🎬🎬", 5), "🎬🎬…");
}

#[test]
fn small_wants_stay_whole_and_large_ones_share_the_rest() {
    assert_eq!(fair_cap(&[10, 20, 30], 60), usize::MAX);
    assert_eq!(fair_cap(&[10, 400, 500], 210), 100);
    assert_eq!(fair_cap(&[400, 10, 500], 210), 100);
    assert_eq!(fair_cap(&[5, 5], 0), 0);
    assert_eq!(fair_cap(&[], 0), usize::MAX);
}

#[test]
fn descriptions_give_way_before_titles_and_footers() {
    let embed = || Embed {
        title: Some("t".repeat(256)),
        description: Some("d".repeat(4096)),
        footer: Some("f".repeat(100)),
        ..Embed::default()
    };
    let mut screen = Screen {
        embeds: (0..10).map(|_| embed()).collect(),
        ..Screen::default()
    };
    screen.embeds[3].description = Some("short".to_owned());
    fit(&mut screen);
    assert!(embeds_total(&screen) <= EMBEDS_TOTAL);
    assert!(embeds_total(&screen) > EMBEDS_TOTAL - 10, "the budget is used");
    assert_eq!(screen.embeds[3].description.as_deref(), Some("short"));
    for embed in &screen.embeds {
        assert_eq!(embed.title.as_deref().map(units), Some(256));
        assert_eq!(embed.footer.as_deref().map(units), Some(100));
    }
}

#[test]
fn addresses_that_discord_cannot_read_are_left_out() {
    for bad in [
        "",
        "N/A",
        "/poster.jpg",
        "data:image/png;base64,AAAA",
        "ftp://example.org/a",
        "https://",
        "https://exa mple.org/",
        "javascript:alert(1)",
    ] {
        let mut screen = Screen::text("x");
        screen.embeds.push(Embed {
            title: Some("t".into()),
            url: Some(bad.into()),
            thumbnail: Some(bad.into()),
            image: Some(bad.into()),
            ..Embed::default()
        });
        screen.rows.push(Row::Buttons(vec![Button::link("open", bad)]));
        fit(&mut screen);
        let embed = &screen.embeds[0];
        assert_eq!(
            (&embed.url, &embed.thumbnail, &embed.image),
            (&None, &None, &None),
            "{bad}"
        );
        assert!(screen.rows.is_empty(), "{bad}");
    }
    for good in [
        "https://image.tmdb.org/t/p/w500/a.jpg",
        "http://127.0.0.1:8080/poster/1.png",
    ] {
        assert_eq!(usable(good, URL).as_deref(), Some(good));
    }
    assert_eq!(
        usable("https://example.org/Amélie.jpg", URL).as_deref(),
        Some("https://example.org/Am%C3%A9lie.jpg")
    );
    assert_eq!(
        usable(&format!("https://example.org/{}", "é".repeat(400)), URL),
        None
    );
}

#[test]
fn a_second_control_of_one_id_is_left_out() {
    let results = Control::Results { round: RoundId(1) };
    let mut screen = Screen::text("x");
    screen.rows.push(Row::Buttons(vec![
        Button::new("one", Style::Primary, results),
        Button::new("two", Style::Primary, results),
    ]));
    fit(&mut screen);
    assert_eq!(
        screen.rows,
        [Row::Buttons(vec![Button::new("one", Style::Primary, results)])]
    );
}

fn any_embed() -> impl Strategy<Value = Embed> {
    let text = || proptest::option::of(any_text(600));
    let fields = (0..30_usize, any_text(300), any_text(1200));
    (text(), text(), text(), text(), text(), fields, any::<bool>()).prop_map(
        |(title, description, author, footer, url, fields, repeat)| Embed {
            title,
            description: description.map(|text| if repeat { text.repeat(20) } else { text }),
            thumbnail: url.clone(),
            image: url.clone(),
            url,
            author,
            footer: footer.map(|text| if repeat { text.repeat(20) } else { text }),
            colour: None,
            fields: vec![
                Field {
                    name: fields.1,
                    value: fields.2,
                    inline: true,
                };
                fields.0
            ],
        },
    )
}

/// Few values, so that some are the same, and some that are none.
fn any_value() -> impl Strategy<Value = String> {
    (0..20_usize).prop_map(|number| "v".repeat(number * 6))
}

fn any_row() -> impl Strategy<Value = Row> {
    let control = (0..8_u32).prop_map(|page| Control::Page {
        round: RoundId(1),
        page,
    });
    let buttons = proptest::collection::vec((control.clone(), any_text(120)), 0..8).prop_map(|buttons| {
        Row::Buttons(
            buttons
                .into_iter()
                .map(|(control, label)| Button::new(label, Style::Secondary, control))
                .collect(),
        )
    });
    let option = (any_text(120), any_value(), any::<bool>()).prop_map(|(label, value, chosen)| Choice {
        description: Some(label.clone()),
        label,
        value,
        chosen,
    });
    let select = (
        control,
        any::<u8>(),
        any::<u8>(),
        proptest::collection::vec(option, 0..40),
    )
        .prop_map(|(control, min, max, options)| {
            Row::Select(Select {
                control,
                placeholder: String::new(),
                min,
                max,
                options,
            })
        });
    prop_oneof![buttons, select]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_cut_keeps_within_its_bound_and_is_a_beginning(text in "\\PC{0,80}", max in 0..40_usize) {
        let cut = cut(&text, max);
        prop_assert!(units(&cut) <= max);
        prop_assert!(cut == text || text.starts_with(cut.trim_end_matches('…')));
    }

    #[test]
    fn fair_shares_stay_within_the_budget(wants in proptest::collection::vec(0..500_usize, 0..12), budget in 0..3000_usize) {
        let cap = fair_cap(&wants, budget);
        prop_assert!(wants.iter().map(|want| (*want).min(cap)).sum::<usize>() <= budget || cap == usize::MAX);
        if cap == usize::MAX {
            prop_assert!(wants.iter().sum::<usize>() <= budget);
        }
    }

    #[test]
    fn any_screen_fits_in_the_end(
        content in any_text(2400),
        embeds in proptest::collection::vec(any_embed(), 0..13),
        rows in proptest::collection::vec(any_row(), 0..8),
    ) {
        let screen = fitted(Screen { content, embeds, rows });
        assert_discord_takes(&screen);
        prop_assert_eq!(fitted(screen.clone()), screen);
    }
}
