//! What typed text means, without an index.

use proptest::prelude::*;

use super::*;

fn film(number: u32, title: &str, year: u16, votes: u32) -> IndexedTitle {
    IndexedTitle {
        imdb_id: format!("tt{number:07}").parse().expect("an id"),
        title: title.into(),
        original_title: None,
        year: Some(year),
        rating_tenths: 70,
        votes,
    }
}

fn typed(text: &str) -> TypedKey {
    TypedKey::read(text).expect("something to look for")
}

fn sorted(text: &str, films: Vec<IndexedTitle>) -> Vec<String> {
    let sorted = typed(text).sort(films);
    sorted.into_iter().map(|film| film.title).collect()
}

#[test]
fn a_film_stands_under_its_words_its_year_and_its_whole_titles() {
    let mut film = film(1, "The Seven Samurai", 1954, 1_000);
    film.original_title = Some("Shichinin no samurai".into());
    let terms: Vec<String> = film.terms().into_iter().collect();
    assert_eq!(
        terms,
        [
            "1954",
            "=seven_samurai",
            "=shichinin_no_samurai",
            "=the_seven_samurai",
            "no",
            "samurai",
            "seven",
            "shichinin",
            "the",
        ]
    );
}

#[test]
fn a_film_of_this_title_comes_first_and_then_the_votes_decide() {
    let films = vec![
        film(1, "The Lord of the Rings", 2001, 2_000_000),
        film(2, "Ring", 1998, 80_000),
        film(3, "Ringu 2", 1999, 20_000),
        film(4, "The Ring", 2002, 370_000),
        film(5, "The Ringer", 2005, 50_000),
    ];
    assert_eq!(
        sorted("ring", films),
        [
            "The Ring",
            "Ring",
            "The Lord of the Rings",
            "The Ringer",
            "Ringu 2"
        ]
    );
}

#[test]
fn words_that_stand_at_the_beginning_count_more_and_not_everything() {
    let films = vec![
        film(1, "Dark Knight of the Village", 1987, 120),
        film(2, "The Dark Knight", 2008, 2_800_000),
        film(3, "Batman: The Dark Knight Returns", 2012, 60_000),
        film(4, "Dark Knights", 2015, 20_000),
    ];
    assert_eq!(
        sorted("dark knigh", films),
        [
            "The Dark Knight",
            "Dark Knights",
            "Batman: The Dark Knight Returns",
            "Dark Knight of the Village",
        ]
    );
}

#[test]
fn a_year_tells_films_of_one_title_apart() {
    let films = || {
        vec![
            film(1, "The Thing", 1982, 450_000),
            film(2, "The Thing", 2011, 150_000),
        ]
    };
    let first = |text| typed(text).sort(films()).remove(0).year;
    assert_eq!(first("the thing"), Some(1982));
    for text in ["the thing 2011", "The Thing (2011)", "thing 2011"] {
        assert_eq!(first(text), Some(2011), "{text}");
    }
    assert!(typed("the thing (20").fits(&films()[1]), "not typed to its end");
}

#[test]
fn slips_of_the_finger_find_the_word_that_was_meant() {
    let known: Vec<(String, u32)> = [
        ("matrix", 9),
        ("matrox", 2),
        ("wars", 40),
        ("ware", 3),
        ("inglourious", 1),
    ]
    .map(|(word, films)| (word.to_owned(), films))
    .to_vec();
    for (slip, meant) in [
        ("matrx", "matrix"),
        ("amtrix", "matrix"),
        ("matriix", "matrix"),
        ("natrix", "matrix"),
        ("matrix", "matrix"),
        ("wras", "wars"),
        ("inglorious", "inglourious"),
    ] {
        assert!(!variants(slip).is_disjoint(&variants(meant)), "{slip}");
        assert_eq!(
            guesses(slip, &known).first().map(String::as_str),
            Some(meant),
            "{slip}"
        );
    }
    assert!(guesses("metropolis", &known).is_empty());
    assert!(variants("at").is_empty(), "two letters are near to everything");
}

#[test]
fn what_looks_alike_comes_by_its_likeness_and_what_does_not_is_dropped() {
    let films = vec![
        film(1, "The Matrix Reloaded", 2003, 640_000),
        film(2, "The Matrix", 1999, 2_100_000),
        film(3, "The Mattress", 2006, 150),
        film(4, "The Godfather", 1972, 2_000_000),
    ];
    assert_eq!(
        sorted("the matrx", films)[..2],
        ["The Matrix", "The Matrix Reloaded"]
    );
    let unlike = vec![film(4, "The Godfather", 1972, 2_000_000)];
    assert_eq!(sorted("the matrx", unlike), [""; 0]);
}

#[test]
fn the_last_word_need_not_be_typed_to_its_end() {
    let query = typed("Star  Wa").containing();
    assert_eq!(
        query,
        TermQuery(vec![
            vec![Term::Whole("star".into())],
            vec![Term::Prefix("wa".into())],
        ])
    );
    assert_eq!(TypedKey::read(" \n "), None);
}

proptest! {
    #[test]
    fn any_two_words_one_slip_apart_share_a_variant(
        word in "[a-zа-яé]{4,20}", at in any::<prop::sample::Index>(), letter in "[a-zа-я]", kind in 0..4,
    ) {
        let mut letters: Vec<char> = word.chars().collect();
        let at = at.index(letters.len() - 1);
        match kind {
            0 => { letters.remove(at); }
            1 => letters.insert(at, letter.chars().next().expect("a letter")),
            2 => letters[at] = letter.chars().next().expect("a letter"),
            _ => letters.swap(at, at + 1),
        }
        let slip: String = letters.into_iter().collect();
        prop_assert!(!variants(&word).is_disjoint(&variants(&slip)), "{word} {slip}");
    }

    #[test]
    fn any_text_can_be_looked_for(text in any::<String>(), title in any::<String>()) {
        let film = film(1, &title, 1999, 100);
        let _ = film.terms();
        if let Some(typed) = TypedKey::read(&text) {
            let _ = (typed.containing(), typed.corrected(&[]), typed.roughly(), typed.beginning());
            prop_assert!(typed.sort(vec![film]).len() <= 1);
        }
    }

    #[test]
    fn a_title_is_found_by_itself(title in "\\PC{1,40}") {
        let film = film(1, &title, 1999, 100);
        if let Some(typed) = TypedKey::read(&title) {
            prop_assert!(typed.fits(&film));
            let TermQuery(groups) = typed.exactly();
            let has = groups.iter().flatten().all(|term| matches!(term, Term::Whole(term) if film.terms().contains(term)));
            prop_assert!(has);
        }
    }
}
