//! A film: as it was just proposed, its card for `/movie`, and the choice among several.

use crate::catalogue::SearchHit;
use crate::discord::screen::Screen;
use crate::service::film_card::FilmCard;
use crate::service::propose::Proposed;

/// The answer to `/propose`, for the channel.
pub fn proposed(_proposed: &Proposed) -> Screen {
    todo!()
}

/// The answer to `/movie`.
pub fn card(_card: &FilmCard) -> Screen {
    todo!()
}

/// The films that a typed title may mean, to propose one of them, or the title as typed (private).
/// `token` is the key under which the request is remembered.
pub fn choose(_hits: &[SearchHit], _token: i64, _typed: Option<&str>) -> Screen {
    todo!()
}

/// The films that a typed title may mean, to see the card of one of them (`/movie`, private).
pub fn choose_to_show(_hits: &[SearchHit]) -> Screen {
    todo!()
}
