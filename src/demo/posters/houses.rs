//! Scenes for the films that happen between walls.

use std::fmt::Write as _;

use super::canvas::{Canvas, WIDTH};

/// Cuts a maze into a grid by a random walk that backs up; returns, for each cell in reading order,
/// whether it is open to the right and below.
fn maze(c: &mut Canvas, columns: usize, rows: usize) -> Vec<(bool, bool)> {
    let mut open = vec![(false, false); columns * rows];
    let mut seen = vec![false; columns * rows];
    let mut trail = vec![columns * rows / 2];
    seen[trail[0]] = true;
    while let Some(&at) = trail.last() {
        let (x, y) = (at % columns, at / columns);
        let mut ways = Vec::with_capacity(4);
        if x > 0 {
            ways.push(at - 1);
        }
        if x + 1 < columns {
            ways.push(at + 1);
        }
        if y > 0 {
            ways.push(at - columns);
        }
        if y + 1 < rows {
            ways.push(at + columns);
        }
        ways.retain(|&way| !seen[way]);
        let toss = c.scatter(0.0, 4.0);
        let Some(&next) = ways
            .iter()
            .enumerate()
            .min_by(|a, b| {
                let turn = |i: usize| (toss + u32::try_from(i).map_or(0.0, f64::from) * 1.7) % 4.0;
                turn(a.0).total_cmp(&turn(b.0))
            })
            .map(|(_, way)| way)
        else {
            trail.pop();
            continue;
        };
        let first = at.min(next);
        if at.abs_diff(next) == 1 {
            open[first].0 = true;
        } else {
            open[first].1 = true;
        }
        seen[next] = true;
        trail.push(next);
    }
    open
}

/// The hedge maze from above, in snow, with one red speck in it.
pub fn the_shining(c: &mut Canvas) {
    const COLUMNS: u32 = 13;
    const ROWS: u32 = 16;
    const CELL: f64 = 28.0;
    c.fill("#e9eef0");
    let (left, top) = (18.0, 18.0);
    let hedge = "#16352c";
    let open = maze(c, COLUMNS as usize, ROWS as usize);
    let mut walls = format!(
        "M{left} {top}H{}V{}H{left}Z",
        left + CELL * f64::from(COLUMNS),
        top + CELL * f64::from(ROWS)
    );
    for row in 0..ROWS {
        for column in 0..COLUMNS {
            let (right, below) = open[(row * COLUMNS + column) as usize];
            let (x, y) = (left + f64::from(column) * CELL, top + f64::from(row) * CELL);
            if !right && column + 1 < COLUMNS {
                let _ = write!(walls, "M{:.0} {y:.0}v{CELL}", x + CELL);
            }
            if !below && row + 1 < ROWS {
                let _ = write!(walls, "M{x:.0} {:.0}h{CELL}", y + CELL);
            }
        }
    }
    c.placed((5.0, 6.0), 0.0, 1.0, |c| c.stroke(&walls, "#aab9be", 9.0));
    c.stroke(&walls, hedge, 9.0);
    c.stroke(&walls, "#2c5d49", 2.5);
    let glow = c.radial(&[(0.0, "#d3202a", 0.7), (1.0, "#d3202a", 0.0)]);
    c.disc(200.0 + CELL / 2.0 - 14.0, 256.0, 46.0, &glow);
    c.disc(200.0 + CELL / 2.0 - 14.0, 256.0, 9.0, "#d3202a");
    let foot = c.vertical(&[(0.0, "#e9eef0", 0.0), (0.42, "#e9eef0", 1.0)]);
    c.rect(0.0, 400.0, WIDTH, 200.0, &foot);
}

/// The sea, seen through a hole that took nineteen years.
pub fn shawshank(c: &mut Canvas) {
    c.fill("#23262b");
    for row in 0..16_u32 {
        for column in 0..6_u32 {
            let shift = if row % 2 == 0 { 0.0 } else { -38.0 };
            let shade = c.scatter(0.0, 1.0);
            c.faded(((0.12 + shade * 0.3) * 100.0).round() / 100.0, |c| {
                c.rect(
                    f64::from(column) * 80.0 + shift,
                    f64::from(row) * 38.0,
                    77.0,
                    35.0,
                    "#4a505a",
                );
            });
        }
    }
    let hole = "M196 74C236 66 262 92 290 104C318 118 334 152 330 190C346 226 334 268 312 300C300 334 262 352 226 350C192 366 146 352 120 326C88 306 70 266 78 228C64 188 82 142 112 122C132 92 164 84 196 74Z";
    c.placed((-4.0, -4.0), 0.0, 1.02, |c| c.path(hole, "#0e1013"));
    let sky = c.vertical(&[
        (0.0, "#2f86c4", 1.0),
        (0.62, "#c5ecf2", 1.0),
        (0.63, "#1f9bb0", 1.0),
        (0.78, "#57cfc7", 1.0),
        (0.8, "#f6e2b3", 1.0),
        (1.0, "#e8c98a", 1.0),
    ]);
    c.path(hole, &sky);
    let sun = c.radial(&[
        (0.0, "#ffffff", 1.0),
        (0.3, "#fff6d2", 0.9),
        (1.0, "#fff6d2", 0.0),
    ]);
    c.disc(246.0, 156.0, 74.0, &sun);
    c.path(
        "M136 292C150 300 196 300 212 290L204 306C190 310 156 310 144 306Z",
        "#7c3b24",
    );
    c.line((176.0, 292.0), (176.0, 246.0), "#7c3b24", 3.0);
    c.path("M180 248L204 284H180Z", "#ffffff");
    c.faded(0.5, |c| {
        c.shape(
            &[
                (196.0, 360.0),
                (120.0, 352.0),
                (30.0, 600.0),
                (370.0, 600.0),
                (290.0, 352.0),
            ],
            "#57616b",
        );
    });
    let foot = c.vertical(&[(0.0, "#16181b", 0.0), (0.7, "#16181b", 1.0)]);
    c.rect(0.0, 400.0, WIDTH, 200.0, &foot);
}

/// A pink hotel, exactly symmetrical.
pub fn grand_budapest(c: &mut Canvas) {
    let sky = c.vertical(&[(0.0, "#f7c9cf", 1.0), (1.0, "#fdeee6", 1.0)]);
    c.fill(&sky);
    c.shape(
        &[
            (-10.0, 330.0),
            (80.0, 150.0),
            (130.0, 220.0),
            (200.0, 70.0),
            (270.0, 220.0),
            (320.0, 150.0),
            (410.0, 330.0),
        ],
        "#d8a9b8",
    );
    c.shape(
        &[
            (160.0, 156.0),
            (200.0, 70.0),
            (240.0, 156.0),
            (216.0, 146.0),
            (200.0, 162.0),
            (184.0, 146.0),
        ],
        "#fff8f4",
    );
    let (wall, dark, cream, roof) = ("#e58a9b", "#b04a63", "#fff1e2", "#7b3a5e");
    c.rect(40.0, 270.0, 320.0, 170.0, wall);
    c.rect(132.0, 226.0, 136.0, 214.0, "#ee9fae");
    for x in [40.0, 316.0] {
        c.rect(x, 238.0, 44.0, 202.0, "#ee9fae");
        c.path(
            &format!(
                "M{:.0} 238C{x:.0} 206 {:.0} 200 {:.0} 176C{:.0} 200 {:.0} 206 {:.0} 238Z",
                x - 3.0,
                x + 18.0,
                x + 22.0,
                x + 26.0,
                x + 44.0,
                x + 47.0
            ),
            roof,
        );
        c.disc(x + 22.0, 174.0, 4.0, cream);
    }
    c.path("M124 226L144 188H256L276 226Z", roof);
    c.rect(150.0, 196.0, 100.0, 18.0, cream);
    c.rect(156.0, 202.0, 88.0, 6.0, dark);
    for row in 0..4_u32 {
        for column in 0..9_u32 {
            let (x, y) = (52.0 + f64::from(column) * 33.6, 284.0 + f64::from(row) * 36.0);
            if row == 3 && (3..=5).contains(&column) {
                continue;
            }
            c.path(
                &format!("M{x:.1} {:.1}v-18a7.5 7.5 0 0 1 15 0v18z", y + 22.0),
                if (row * 9 + column) % 7 == 3 {
                    "#ffe08a"
                } else {
                    dark
                },
            );
            c.rect(x - 3.0, y + 22.0, 21.0, 3.0, cream);
        }
    }
    for column in 0..3_u32 {
        c.path(
            &format!(
                "M{:.1} 260v-16a7.5 7.5 0 0 1 15 0v16z",
                152.0 + f64::from(column) * 40.5
            ),
            dark,
        );
    }
    c.path("M166 440V400A34 34 0 0 1 234 400V440Z", cream);
    c.path("M174 440V402A26 26 0 0 1 226 402V440Z", roof);
    c.rect(198.5, 376.0, 3.0, 64.0, cream);
    c.rect(30.0, 436.0, 340.0, 8.0, cream);
    c.rect(0.0, 444.0, WIDTH, 160.0, "#9d3f5d");
    for tree in 0..9_u32 {
        let x = f64::from(tree) * 50.0;
        if !(150.0..=250.0).contains(&x) {
            c.shape(&[(x - 15.0, 462.0), (x, 412.0), (x + 15.0, 462.0)], "#5a7a5c");
        }
    }
}

/// A stair from the garden's light down to the water.
pub fn parasite(c: &mut Canvas) {
    let sun = c.vertical(&[(0.0, "#f3ead0", 1.0), (1.0, "#d9c68f", 1.0)]);
    c.fill(&sun);
    c.rect(190.0, 44.0, 190.0, 110.0, "#2f2d2a");
    c.rect(204.0, 70.0, 162.0, 84.0, "#f9d98d");
    for pane in [244.0, 286.0, 328.0] {
        c.rect(pane, 70.0, 3.0, 84.0, "#2f2d2a");
    }
    c.rect(178.0, 36.0, 214.0, 10.0, "#1f1e1c");
    c.rect(120.0, 154.0, 290.0, 12.0, "#5f8a3c");
    let mut earth = vec![(400.0, 166.0), (332.0, 166.0)];
    for step in 0..12_u32 {
        let (x, y) = (332.0 - f64::from(step) * 24.0, 166.0 + f64::from(step) * 23.0);
        earth.extend([(x, y), (x, y + 23.0)]);
    }
    earth.extend([(44.0, 442.0), (0.0, 442.0), (0.0, 600.0), (400.0, 600.0)]);
    let soil = c.vertical(&[
        (0.0, "#3d4a45", 1.0),
        (0.6, "#1d2a2a", 1.0),
        (1.0, "#101818", 1.0),
    ]);
    c.rect(120.0, 166.0, 290.0, 8.0, "#3b5a28");
    let shade = c.vertical(&[
        (0.0, "#20302f", 0.0),
        (0.45, "#20302f", 0.55),
        (1.0, "#16211f", 0.96),
    ]);
    c.rect(0.0, 120.0, WIDTH, 480.0, &shade);
    c.shape(&earth, &soil);
    for step in 0..12_u32 {
        let (x, y) = (332.0 - f64::from(step) * 24.0, 166.0 + f64::from(step) * 23.0);
        c.rect(x - 24.0, y + 21.5, 25.0, 3.0, "#e7d49a");
    }
    c.rect(250.0, 372.0, 106.0, 42.0, "#0a1010");
    c.rect(256.0, 378.0, 94.0, 30.0, "#ffcf6b");
    for bar in 0..6_u32 {
        c.rect(268.0 + f64::from(bar) * 14.0, 376.0, 3.0, 34.0, "#0a1010");
    }
    c.placed((164.0, 313.0), 0.0, 1.0, |c| {
        c.disc(0.0, -40.0, 7.0, "#101818");
        c.path("M-8-31H8L9-12L6 9H1L0-8L-6 13L-12 11L-7-10Z", "#101818");
    });
    let water = c.vertical(&[(0.0, "#4c7f86", 0.9), (1.0, "#101818", 1.0)]);
    c.path(
        "M0 446Q30 438 60 446T120 446T180 446T240 446T300 446T360 446T420 446V600H0Z",
        &water,
    );
}
