//! The demo's films: facts, and a sentence of our own about each. Owns the catalogue and the search in
//! it; knows nothing of HTTP.

use super::posters::{self, Poster};

/// A film of the demo's catalogue.
#[derive(Debug, Clone, Copy)]
pub struct DemoFilm {
    /// Its id on IMDb.
    pub imdb_id: &'static str,
    /// Its title in English.
    pub title: &'static str,
    /// Year of release.
    pub year: u16,
    /// Runtime in minutes.
    pub runtime_min: u16,
    /// Genres, most telling first.
    pub genres: &'static [&'static str],
    /// Directors.
    pub directors: &'static [&'static str],
    /// About what IMDb's members give it, in tenths: 83 is 8.3.
    pub rating_tenths: u8,
    /// What it is about, in a sentence.
    pub plot: &'static str,
    /// Its poster.
    pub poster: Poster,
}

/// All of them, by id.
pub const FILMS: [DemoFilm; 30] = [
    DemoFilm {
        imdb_id: "tt0013442",
        title: "Nosferatu",
        year: 1922,
        runtime_min: 94,
        genres: &["Horror", "Fantasy"],
        directors: &["F. W. Murnau"],
        rating_tenths: 78,
        plot: "A young clerk sells a house by the harbour to a count who sleeps in earth, and the plague travels with the buyer.",
        poster: posters::NOSFERATU,
    },
    DemoFilm {
        imdb_id: "tt0017136",
        title: "Metropolis",
        year: 1927,
        runtime_min: 153,
        genres: &["Drama", "Sci-Fi"],
        directors: &["Fritz Lang"],
        rating_tenths: 83,
        plot: "Below a city of gardens and towers the workers run its machines, until the master's son goes down to look.",
        poster: posters::METROPOLIS,
    },
    DemoFilm {
        imdb_id: "tt0022100",
        title: "M",
        year: 1931,
        runtime_min: 117,
        genres: &["Crime", "Mystery", "Thriller"],
        directors: &["Fritz Lang"],
        rating_tenths: 83,
        plot: "A murderer of children is hunted through Berlin by the police, and by the thieves who want the police gone.",
        poster: posters::M,
    },
    DemoFilm {
        imdb_id: "tt0034583",
        title: "Casablanca",
        year: 1942,
        runtime_min: 102,
        genres: &["Drama", "Romance", "War"],
        directors: &["Michael Curtiz"],
        rating_tenths: 85,
        plot: "A bar owner who takes no sides holds two exit visas on the night when the woman who left him walks in.",
        poster: posters::CASABLANCA,
    },
    DemoFilm {
        imdb_id: "tt0041959",
        title: "The Third Man",
        year: 1949,
        runtime_min: 104,
        genres: &["Mystery", "Thriller"],
        directors: &["Carol Reed"],
        rating_tenths: 81,
        plot: "A writer of cheap westerns arrives in occupied Vienna for a job and finds only the funeral of the friend who offered it.",
        poster: posters::THE_THIRD_MAN,
    },
    DemoFilm {
        imdb_id: "tt0047396",
        title: "Rear Window",
        year: 1954,
        runtime_min: 112,
        genres: &["Mystery", "Thriller"],
        directors: &["Alfred Hitchcock"],
        rating_tenths: 85,
        plot: "A photographer with a broken leg watches his neighbours to pass the heat, and comes to believe that one of them is a murderer.",
        poster: posters::REAR_WINDOW,
    },
    DemoFilm {
        imdb_id: "tt0047478",
        title: "Seven Samurai",
        year: 1954,
        runtime_min: 207,
        genres: &["Action", "Drama"],
        directors: &["Akira Kurosawa"],
        rating_tenths: 86,
        plot: "Farmers who are robbed at every harvest hire seven masterless swordsmen for three meals a day.",
        poster: posters::SEVEN_SAMURAI,
    },
    DemoFilm {
        imdb_id: "tt0052357",
        title: "Vertigo",
        year: 1958,
        runtime_min: 128,
        genres: &["Mystery", "Romance", "Thriller"],
        directors: &["Alfred Hitchcock"],
        rating_tenths: 82,
        plot: "A detective who cannot bear heights is asked to follow a friend's wife and cannot stop.",
        poster: posters::VERTIGO,
    },
    DemoFilm {
        imdb_id: "tt0062622",
        title: "2001: A Space Odyssey",
        year: 1968,
        runtime_min: 149,
        genres: &["Sci-Fi", "Adventure"],
        directors: &["Stanley Kubrick"],
        rating_tenths: 83,
        plot: "Something smooth and black was buried on the Moon, and a ship with a careful computer follows its signal to Jupiter.",
        poster: posters::SPACE_ODYSSEY,
    },
    DemoFilm {
        imdb_id: "tt0073195",
        title: "Jaws",
        year: 1975,
        runtime_min: 124,
        genres: &["Adventure", "Thriller"],
        directors: &["Steven Spielberg"],
        rating_tenths: 81,
        plot: "A police chief who fears the water must close the beaches of a town that lives on them.",
        poster: posters::JAWS,
    },
    DemoFilm {
        imdb_id: "tt0078748",
        title: "Alien",
        year: 1979,
        runtime_min: 117,
        genres: &["Horror", "Sci-Fi"],
        directors: &["Ridley Scott"],
        rating_tenths: 85,
        plot: "The crew of a freighter answers a call from a dead world and takes more than a signal back on board.",
        poster: posters::ALIEN,
    },
    DemoFilm {
        imdb_id: "tt0079944",
        title: "Stalker",
        year: 1979,
        runtime_min: 162,
        genres: &["Drama", "Sci-Fi"],
        directors: &["Andrei Tarkovsky"],
        rating_tenths: 80,
        plot: "A guide leads a writer and a scientist into a forbidden meadow, to a room that is said to grant what one really wants.",
        poster: posters::STALKER,
    },
    DemoFilm {
        imdb_id: "tt0081505",
        title: "The Shining",
        year: 1980,
        runtime_min: 146,
        genres: &["Horror", "Drama"],
        directors: &["Stanley Kubrick"],
        rating_tenths: 84,
        plot: "A family keeps a mountain hotel through the winter, and the hotel begins to keep the father.",
        poster: posters::THE_SHINING,
    },
    DemoFilm {
        imdb_id: "tt0083658",
        title: "Blade Runner",
        year: 1982,
        runtime_min: 117,
        genres: &["Sci-Fi", "Drama", "Thriller"],
        directors: &["Ridley Scott"],
        rating_tenths: 81,
        plot: "In a city where it never stops raining, a tired policeman has to tell people from those who were made.",
        poster: posters::BLADE_RUNNER,
    },
    DemoFilm {
        imdb_id: "tt0084787",
        title: "The Thing",
        year: 1982,
        runtime_min: 109,
        genres: &["Horror", "Mystery", "Sci-Fi"],
        directors: &["John Carpenter"],
        rating_tenths: 82,
        plot: "Twelve men in Antarctica take in a sled dog and can no longer be sure who among them is still himself.",
        poster: posters::THE_THING,
    },
    DemoFilm {
        imdb_id: "tt0088763",
        title: "Back to the Future",
        year: 1985,
        runtime_min: 116,
        genres: &["Adventure", "Comedy", "Sci-Fi"],
        directors: &["Robert Zemeckis"],
        rating_tenths: 85,
        plot: "A teenager drives thirty years back by mistake and has to see to it that his parents fall in love.",
        poster: posters::BACK_TO_THE_FUTURE,
    },
    DemoFilm {
        imdb_id: "tt0096283",
        title: "My Neighbor Totoro",
        year: 1988,
        runtime_min: 86,
        genres: &["Animation", "Family", "Fantasy"],
        directors: &["Hayao Miyazaki"],
        rating_tenths: 81,
        plot: "Two sisters move to the country and meet the large and sleepy keeper of the wood beside the house.",
        poster: posters::TOTORO,
    },
    DemoFilm {
        imdb_id: "tt0107048",
        title: "Groundhog Day",
        year: 1993,
        runtime_min: 101,
        genres: &["Comedy", "Fantasy", "Romance"],
        directors: &["Harold Ramis"],
        rating_tenths: 80,
        plot: "A weatherman who thinks too much of himself wakes up on the same second of February, again and again.",
        poster: posters::GROUNDHOG_DAY,
    },
    DemoFilm {
        imdb_id: "tt0107290",
        title: "Jurassic Park",
        year: 1993,
        runtime_min: 127,
        genres: &["Adventure", "Sci-Fi"],
        directors: &["Steven Spielberg"],
        rating_tenths: 82,
        plot: "Before it opens, an island park with living dinosaurs is shown to the people who have to sign for it.",
        poster: posters::JURASSIC_PARK,
    },
    DemoFilm {
        imdb_id: "tt0111161",
        title: "The Shawshank Redemption",
        year: 1994,
        runtime_min: 142,
        genres: &["Drama"],
        directors: &["Frank Darabont"],
        rating_tenths: 93,
        plot: "A banker sentenced for life makes a friend, keeps the warden's books, and is more patient than stone.",
        poster: posters::SHAWSHANK,
    },
    DemoFilm {
        imdb_id: "tt0116282",
        title: "Fargo",
        year: 1996,
        runtime_min: 98,
        genres: &["Crime", "Thriller"],
        directors: &["Joel Coen"],
        rating_tenths: 81,
        plot: "A car dealer has his own wife kidnapped for the ransom, and a pregnant police chief follows the tracks in the snow.",
        poster: posters::FARGO,
    },
    DemoFilm {
        imdb_id: "tt0118694",
        title: "In the Mood for Love",
        year: 2000,
        runtime_min: 98,
        genres: &["Drama", "Romance"],
        directors: &["Wong Kar-Wai"],
        rating_tenths: 81,
        plot: "Two neighbours in Hong Kong find out where their husband and wife spend their evenings, and will not do the same.",
        poster: posters::MOOD_FOR_LOVE,
    },
    DemoFilm {
        imdb_id: "tt0133093",
        title: "The Matrix",
        year: 1999,
        runtime_min: 136,
        genres: &["Action", "Sci-Fi"],
        directors: &["Lana Wachowski", "Lilly Wachowski"],
        rating_tenths: 87,
        plot: "A programmer is offered two pills and learns what his whole world is made of.",
        poster: posters::THE_MATRIX,
    },
    DemoFilm {
        imdb_id: "tt0245429",
        title: "Spirited Away",
        year: 2001,
        runtime_min: 124,
        genres: &["Animation", "Adventure", "Fantasy"],
        directors: &["Hayao Miyazaki"],
        rating_tenths: 86,
        plot: "A girl whose parents were turned into pigs takes work in a bath-house for spirits so as not to forget her name.",
        poster: posters::SPIRITED_AWAY,
    },
    DemoFilm {
        imdb_id: "tt0816692",
        title: "Interstellar",
        year: 2014,
        runtime_min: 169,
        genres: &["Adventure", "Drama", "Sci-Fi"],
        directors: &["Christopher Nolan"],
        rating_tenths: 87,
        plot: "With the crops failing, a pilot leaves his children to look for a new world where an hour may cost seven years.",
        poster: posters::INTERSTELLAR,
    },
    DemoFilm {
        imdb_id: "tt0910970",
        title: "WALL·E",
        year: 2008,
        runtime_min: 98,
        genres: &["Animation", "Adventure", "Family"],
        directors: &["Andrew Stanton"],
        rating_tenths: 84,
        plot: "The last robot on an Earth of rubbish finds one green shoot, and somebody to show it to.",
        poster: posters::WALL_E,
    },
    DemoFilm {
        imdb_id: "tt1392190",
        title: "Mad Max: Fury Road",
        year: 2015,
        runtime_min: 120,
        genres: &["Action", "Adventure", "Sci-Fi"],
        directors: &["George Miller"],
        rating_tenths: 81,
        plot: "A driver turns a war rig off the road with the tyrant's wives inside, and the whole desert comes after her.",
        poster: posters::FURY_ROAD,
    },
    DemoFilm {
        imdb_id: "tt2278388",
        title: "The Grand Budapest Hotel",
        year: 2014,
        runtime_min: 99,
        genres: &["Adventure", "Comedy", "Crime"],
        directors: &["Wes Anderson"],
        rating_tenths: 81,
        plot: "A concierge of perfect manners inherits a painting, and his lobby boy inherits the consequences.",
        poster: posters::GRAND_BUDAPEST,
    },
    DemoFilm {
        imdb_id: "tt2543164",
        title: "Arrival",
        year: 2016,
        runtime_min: 116,
        genres: &["Drama", "Mystery", "Sci-Fi"],
        directors: &["Denis Villeneuve"],
        rating_tenths: 79,
        plot: "Twelve shells hang over the Earth, and a linguist has to ask those inside why before somebody shoots.",
        poster: posters::ARRIVAL,
    },
    DemoFilm {
        imdb_id: "tt6751668",
        title: "Parasite",
        year: 2019,
        runtime_min: 132,
        genres: &["Drama", "Thriller"],
        directors: &["Bong Joon Ho"],
        rating_tenths: 85,
        plot: "A family without work gets hired, one by one, by a family that never has to look down.",
        poster: posters::PARASITE,
    },
];

/// How many films a search returns at most, as Cinemeta's pages are bounded too.
const SEARCH_MAX: usize = 20;

impl DemoFilm {
    /// The film with this id.
    pub fn find(imdb_id: &str) -> Option<&'static Self> {
        FILMS.iter().find(|film| film.imdb_id == imdb_id)
    }

    /// The films whose title has a word that starts with each word of `query`; those whose title
    /// starts with it first, then the better rated. An empty query finds nothing.
    pub fn search(query: &str) -> Vec<&'static Self> {
        let wanted = words(query);
        if wanted.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<_> = FILMS
            .iter()
            .filter(|film| {
                let title = words(film.title);
                wanted
                    .iter()
                    .all(|want| title.iter().any(|word| word.starts_with(want.as_str())))
            })
            .collect();
        found.sort_by_key(|film| {
            let starts = words(film.title).concat().starts_with(&wanted.concat());
            (!starts, std::cmp::Reverse(film.rating_tenths), film.imdb_id)
        });
        found.truncate(SEARCH_MAX);
        found
    }

    /// The number in the id: what makes delays and scattered stars differ from film to film.
    pub fn number(&self) -> u32 {
        self.imdb_id.trim_start_matches("tt").parse().unwrap_or(0)
    }

    /// The poster as an SVG document.
    pub fn poster_svg(&self) -> String {
        self.poster.svg(
            self.number(),
            self.title,
            self.year,
            self.directors.first().copied().unwrap_or_default(),
        )
    }
}

/// Words of letters and digits, in lower case; a middle dot or an apostrophe joins.
fn words(text: &str) -> Vec<String> {
    text.replace(['·', '\'', '’'], "")
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::ids::ImdbId;

    #[test]
    fn every_film_has_an_id_of_its_own_and_facts_in_bounds() {
        let ids: BTreeSet<_> = FILMS.iter().map(|film| film.imdb_id).collect();
        assert_eq!(ids.len(), FILMS.len());
        for film in &FILMS {
            let id: ImdbId = film.imdb_id.parse().expect(film.title);
            assert_eq!(id.as_str(), film.imdb_id, "{} is not canonical", film.title);
            assert!((1890..2030).contains(&film.year), "{}", film.title);
            assert!((40..400).contains(&film.runtime_min), "{}", film.title);
            assert!((50..=99).contains(&film.rating_tenths), "{}", film.title);
            assert!(
                !film.genres.is_empty() && !film.directors.is_empty(),
                "{}",
                film.title
            );
            assert!(
                film.plot.ends_with('.') && film.plot.len() < 160,
                "{}",
                film.title
            );
        }
    }

    #[test]
    fn posters_are_distinct_and_each_is_one_balanced_document() {
        let mut drawings = BTreeSet::new();
        for film in &FILMS {
            let svg = film.poster_svg();
            let mut open = Vec::new();
            for tag in svg.split('<').skip(1) {
                let (tag, _) = tag.split_once('>').expect("every tag is closed");
                let name = tag.split([' ', '/']).next().unwrap_or_default();
                if let Some(ended) = tag.strip_prefix('/') {
                    assert_eq!(open.pop(), Some(ended), "{}", film.title);
                } else if !tag.ends_with('/') {
                    open.push(name);
                }
            }
            assert!(open.is_empty(), "{}: {open:?} stay open", film.title);
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{}", film.title);
            assert!(
                !svg.contains("href"),
                "{} refers to something outside",
                film.title
            );
            // The label apart, no two films share a drawing.
            let drawing = svg.split_once("</title>").expect("a title").1.to_owned();
            assert!(drawings.insert(drawing), "{} looks like another film", film.title);
        }
    }

    #[test]
    fn the_posters_alphabet_has_every_title_and_director() {
        for film in &FILMS {
            assert!(Poster::can_write(film.title), "{}", film.title);
            assert!(Poster::can_write(film.directors[0]), "{}", film.directors[0]);
        }
    }

    #[test]
    fn searching_matches_beginnings_of_words_in_any_order() {
        let titles =
            |query: &str| -> Vec<_> { DemoFilm::search(query).iter().map(|film| film.title).collect() };
        assert_eq!(titles("ali"), ["Alien"]);
        assert_eq!(titles("window REAR"), ["Rear Window"]);
        assert_eq!(titles("walle"), ["WALL·E"]);
        assert!(titles("the").len() > 3);
        assert!(titles("  ").is_empty() && titles("zzz").is_empty());
    }
}
