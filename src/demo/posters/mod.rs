//! The demo's posters: each a scene drawn for this project, with the title set below it. No picture,
//! typeface or layout is taken from anywhere.

mod canvas;
mod classics;
mod houses;
mod journeys;
mod lettering;
mod nature;
mod people;
mod space;
mod tomorrow;

use canvas::{Canvas, WIDTH};

/// What a poster shows above its title, and the colour that the title has on it.
#[derive(Debug, Clone, Copy)]
pub struct Poster {
    scene: fn(&mut Canvas),
    ink: &'static str,
}

macro_rules! posters {
    ($($(#[$doc:meta])* $name:ident = $scene:path, $ink:literal;)*) => {
        $($(#[$doc])* pub const $name: Poster = Poster { scene: $scene, ink: $ink };)*
    };
}

posters! {
    /// Nosferatu.
    NOSFERATU = classics::nosferatu, "#e3e6bf";
    /// Metropolis.
    METROPOLIS = classics::metropolis, "#f6d58f";
    /// M.
    M = classics::m, "#f1e7d2";
    /// Casablanca.
    CASABLANCA = classics::casablanca, "#fff3d6";
    /// The Third Man.
    THE_THIRD_MAN = classics::the_third_man, "#f3f0e6";
    /// Seven Samurai.
    SEVEN_SAMURAI = classics::seven_samurai, "#efe6d2";
    /// Rear Window.
    REAR_WINDOW = classics::rear_window, "#fbe3a4";
    /// Vertigo.
    VERTIGO = classics::vertigo, "#f4e3c3";
    /// 2001: A Space Odyssey.
    SPACE_ODYSSEY = space::space_odyssey, "#f4f1ea";
    /// Jaws.
    JAWS = nature::jaws, "#0b4a63";
    /// Alien.
    ALIEN = space::alien, "#d8ffe4";
    /// Stalker.
    STALKER = tomorrow::stalker, "#f5edc8";
    /// The Shining.
    THE_SHINING = houses::the_shining, "#b3161f";
    /// Blade Runner.
    BLADE_RUNNER = tomorrow::blade_runner, "#ffe9d2";
    /// The Thing.
    THE_THING = journeys::the_thing, "#f2fbff";
    /// Back to the Future.
    BACK_TO_THE_FUTURE = journeys::back_to_the_future, "#ffe3a3";
    /// My Neighbor Totoro.
    TOTORO = nature::totoro, "#e6f6d8";
    /// Groundhog Day.
    GROUNDHOG_DAY = people::groundhog_day, "#2c4656";
    /// Jurassic Park.
    JURASSIC_PARK = nature::jurassic_park, "#ffd982";
    /// The Shawshank Redemption.
    SHAWSHANK = houses::shawshank, "#e9f3f1";
    /// Fargo.
    FARGO = journeys::fargo, "#2b3136";
    /// The Matrix.
    THE_MATRIX = tomorrow::the_matrix, "#d9ffe2";
    /// In the Mood for Love.
    MOOD_FOR_LOVE = people::mood_for_love, "#ffd98a";
    /// Spirited Away.
    SPIRITED_AWAY = nature::spirited_away, "#ffeccd";
    /// WALL·E.
    WALL_E = tomorrow::wall_e, "#ffe0ad";
    /// The Grand Budapest Hotel.
    GRAND_BUDAPEST = houses::grand_budapest, "#fff1e2";
    /// Interstellar.
    INTERSTELLAR = space::interstellar, "#fff3da";
    /// Mad Max: Fury Road.
    FURY_ROAD = journeys::fury_road, "#ffcf6b";
    /// Arrival.
    ARRIVAL = space::arrival, "#eef1ea";
    /// Parasite.
    PARASITE = houses::parasite, "#f3ead0";
}

impl Poster {
    /// Draws the poster as an SVG document; `seed` scatters stars and rain, the same on every machine.
    pub fn svg(&self, seed: u32, title: &str, year: u16, director: &str) -> String {
        let mut canvas = Canvas::new(seed);
        (self.scene)(&mut canvas);
        lettering::write_title(&mut canvas, title, (36.0, WIDTH - 36.0), 546.0, self.ink);
        lettering::write_caption(
            &mut canvas,
            &format!("{year} · {director}"),
            WIDTH / 2.0,
            575.0,
            330.0,
            self.ink,
        );
        canvas.finish(&format!("Poster of {title} ({year})"))
    }

    /// Whether the posters' alphabet has every letter of this text.
    #[cfg(test)]
    pub fn can_write(text: &str) -> bool {
        lettering::can_write(text)
    }
}
