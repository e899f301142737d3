//! The posters' alphabet: capitals of one even stroke, drawn for this project, so that a poster looks
//! the same on every machine whatever fonts it has. Owns glyphs, spacing and fitting; knows no film.

use super::canvas::Canvas;

/// Height of a capital in the glyphs' own units.
const CAP: f64 = 100.0;
/// Free room between two letters, in the glyphs' units.
const GAP: f64 = 30.0;
/// Width of a blank, in the glyphs' units.
const BLANK: f64 = 34.0;

/// A glyph: its width and its stroke, y from 0 (top) to 100 (base line).
const fn glyph(letter: char) -> Option<(f64, &'static str)> {
    Some(match letter {
        'A' => (80.0, "M0 100L40 0L80 100M14 66H66"),
        'B' => (52.0, "M0 48H26A26 26 0 0 1 26 100H0V0H22A24 24 0 0 1 22 48"),
        'C' => (82.0, "M82.1 11.7A50 50 0 1 0 82.1 88.3"),
        'D' => (76.0, "M0 0V100H26A50 50 0 0 0 26 0Z"),
        'E' => (46.0, "M46 0H0V100H46M0 48H40"),
        'F' => (44.0, "M46 0H0V100M0 50H38"),
        'G' => (99.0, "M82.1 11.7A50 50 0 1 0 99.4 58H60"),
        'H' => (66.0, "M0 0V100M66 0V100M0 48H66"),
        'I' => (0.0, "M0 0V100"),
        'J' => (30.0, "M30 0V74C30 92 18 100 0 98"),
        'K' => (62.0, "M0 0V100M58 0L0 56M20 37L62 100"),
        'L' => (42.0, "M0 0V100H44"),
        'M' => (96.0, "M0 100L12 0L48 78L84 0L96 100"),
        'N' => (70.0, "M0 100V0L70 100V0"),
        'O' => (100.0, "M50 0A50 50 0 0 1 50 100A50 50 0 0 1 50 0Z"),
        'P' => (50.0, "M0 100V0H24A27 27 0 0 1 24 54H0"),
        'Q' => (100.0, "M50 0A50 50 0 0 1 50 100A50 50 0 0 1 50 0ZM62 66L96 104"),
        'R' => (54.0, "M0 100V0H24A27 27 0 0 1 24 54H0M26 54L54 100"),
        'S' => (
            54.0,
            "M50 14C44 4 36 0 27 0C12 0 2 9 2 23C2 54 54 42 54 74C54 90 42 100 27 100C14 100 5 93 0 82",
        ),
        'T' => (64.0, "M0 0H64M32 0V100"),
        'U' => (66.0, "M0 0V66A33 34 0 0 0 66 66V0"),
        'V' => (78.0, "M0 0L39 100L78 0"),
        'W' => (120.0, "M0 0L30 100L60 8L90 100L120 0"),
        'X' => (66.0, "M0 0L66 100M66 0L0 100"),
        'Y' => (68.0, "M0 0L34 48L68 0M34 48V100"),
        'Z' => (64.0, "M2 0H62L0 100H64"),
        '0' => (
            62.0,
            "M31 0C50 0 62 20 62 50C62 80 50 100 31 100C12 100 0 80 0 50C0 20 12 0 31 0Z",
        ),
        '1' => (22.0, "M0 20L22 0V100"),
        '2' => (58.0, "M4 28C4 12 14 0 30 0C46 0 56 12 56 27C56 46 38 60 2 100H58"),
        '3' => (
            58.0,
            "M6 14C11 5 19 0 29 0C44 0 54 10 54 24C54 38 44 47 26 47C46 47 58 57 58 73C58 89 46 100 29 100C16 100 6 94 0 84",
        ),
        '4' => (58.0, "M44 100V0L0 70H58"),
        '5' => (
            58.0,
            "M52 0H14L8 44C15 39 22 37 30 37C47 37 58 50 58 68C58 87 46 100 29 100C16 100 6 94 0 84",
        ),
        '6' => (60.0, "M42 0L5 54M60 70A30 30 0 1 1 0 70A30 30 0 1 1 60 70Z"),
        '7' => (56.0, "M0 0H56L16 100"),
        '8' => (
            58.0,
            "M53 23A24 23 0 1 1 5 23A24 23 0 1 1 53 23ZM58 73A29 27 0 1 1 0 73A29 27 0 1 1 58 73Z",
        ),
        '9' => (60.0, "M18 100L55 46M60 30A30 30 0 1 1 0 30A30 30 0 1 1 60 30Z"),
        ':' => (0.0, "M0 34V35M0 92V93"),
        '·' => (0.0, "M0 50V51"),
        '.' => (0.0, "M0 99V100"),
        '-' => (34.0, "M0 54H34"),
        _ => return None,
    })
}

/// Whether every letter of this text, in capitals, has a glyph.
#[cfg(test)]
pub fn can_write(text: &str) -> bool {
    text.to_uppercase()
        .chars()
        .all(|letter| letter == ' ' || glyph(letter).is_some())
}

/// Width of a line in the glyphs' units, with `gap` between letters.
fn width_units(text: &str, gap: f64) -> f64 {
    let mut width = -gap;
    for letter in text.chars() {
        width += gap + glyph(letter).map_or(BLANK, |(advance, _)| advance);
    }
    width.max(1.0)
}

/// Writes one centred line whose capitals are `cap` high, on the base line `base`; `weight` is the
/// stroke's share of the capitals' height, `gap` the room between letters in hundredths of it.
fn write_line(canvas: &mut Canvas, text: &str, middle: f64, base: f64, cap: f64, style: (&str, f64, f64)) {
    let (colour, weight, gap) = style;
    let scale = cap / CAP;
    let mut x = middle - width_units(text, gap) * scale / 2.0;
    for letter in text.chars() {
        if let Some((advance, stroke)) = glyph(letter) {
            canvas.placed((x, base - cap), 0.0, scale, |canvas| {
                canvas.stroke(stroke, colour, weight * CAP);
            });
            x += (advance + gap) * scale;
        } else {
            x += (BLANK + gap) * scale;
        }
    }
}

/// The two lines of this text that differ least in width, or one line if it is one word.
fn balanced(text: &str) -> Vec<&str> {
    text.match_indices(' ')
        .map(|(at, _)| (&text[..at], &text[at + 1..]))
        .min_by(|one, other| {
            let widest = |pair: &(&str, &str)| width_units(pair.0, GAP).max(width_units(pair.1, GAP));
            widest(one).total_cmp(&widest(other))
        })
        .map_or_else(|| vec![text], |(first, second)| vec![first, second])
}

/// Writes a title in capitals, centred in `room` (left, right), its last base line at `base`; on one
/// line if that leaves it legible as a thumbnail, else on two.
pub fn write_title(canvas: &mut Canvas, title: &str, room: (f64, f64), base: f64, colour: &str) {
    const LARGEST: f64 = 44.0;
    const LEGIBLE: f64 = 27.0;
    let title = title.to_uppercase();
    let width = room.1 - room.0;
    let cap_of = |line: &str| (width * CAP / width_units(line, GAP)).min(LARGEST);
    let mut lines = vec![title.as_str()];
    if cap_of(&title) < LEGIBLE {
        lines = balanced(&title);
    }
    let cap = lines.iter().map(|line| cap_of(line)).fold(38.0_f64, f64::min);
    let cap = if lines.len() == 1 { cap_of(&title) } else { cap };
    let mut y = base;
    for line in lines.iter().rev() {
        write_line(
            canvas,
            line,
            f64::midpoint(room.0, room.1),
            y,
            cap,
            (colour, 0.125, GAP),
        );
        y -= cap * 1.5;
    }
}

/// Writes a small line in capitals, widely spaced, centred at `middle`, never wider than `widest`.
pub fn write_caption(canvas: &mut Canvas, text: &str, middle: f64, base: f64, widest: f64, colour: &str) {
    const WIDE: f64 = 58.0;
    let text = text.to_uppercase();
    let cap = (widest * CAP / width_units(&text, WIDE)).min(10.0);
    write_line(canvas, &text, middle, base, cap, (colour, 0.13, WIDE));
}
