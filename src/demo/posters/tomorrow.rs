//! Scenes for the films of another present, or of what comes after it.

use super::canvas::{Canvas, WIDTH};
use super::space::stars;

/// Rails into a meadow, and a door that stands in it.
pub fn stalker(c: &mut Canvas) {
    let sky = c.vertical(&[
        (0.0, "#8b7a52", 1.0),
        (0.55, "#d9c58f", 1.0),
        (1.0, "#d9c58f", 1.0),
    ]);
    c.fill(&sky);
    let glow = c.radial(&[(0.0, "#fff6d0", 0.95), (1.0, "#fff6d0", 0.0)]);
    c.disc(200.0, 262.0, 200.0, &glow);
    for (y, colour) in [
        (296.0, "#a08f58"),
        (314.0, "#7d7842"),
        (338.0, "#5c6132"),
        (376.0, "#3f4a25"),
        (430.0, "#28331a"),
    ] {
        c.path(
            &format!(
                "M-10 {y}C90 {:.0} 150 {:.0} 220 {:.0}S360 {:.0} 410 {:.0}V610H-10Z",
                y - 16.0,
                y + 10.0,
                y - 4.0,
                y - 14.0,
                y + 6.0
            ),
            colour,
        );
    }
    for (near, far) in [(96.0, 191.0), (304.0, 209.0)] {
        c.shape(
            &[
                (near - 7.0, 600.0),
                (near + 7.0, 600.0),
                (far + 1.0, 322.0),
                (far - 1.0, 322.0),
            ],
            "#1a1d10",
        );
    }
    for tie in 0..13_u32 {
        let depth = 0.82_f64.powi(tie.cast_signed());
        let y = 318.0 + 290.0 * depth;
        c.line(
            (200.0 - 136.0 * depth - 6.0, y),
            (200.0 + 136.0 * depth + 6.0, y),
            "#1a1d10",
            9.0 * depth,
        );
    }
    c.shape(
        &[(180.0, 324.0), (220.0, 324.0), (300.0, 600.0), (100.0, 600.0)],
        "#1a1d10",
    );
    let path = c.vertical(&[(0.0, "#fff6d0", 0.85), (0.65, "#fff6d0", 0.0)]);
    c.shape(
        &[(180.0, 324.0), (220.0, 324.0), (290.0, 600.0), (110.0, 600.0)],
        &path,
    );
    c.rect(164.0, 196.0, 72.0, 130.0, "#2a2617");
    c.rect(173.0, 205.0, 54.0, 121.0, "#fffbe6");
    c.shape(
        &[(173.0, 205.0), (192.0, 214.0), (192.0, 334.0), (173.0, 326.0)],
        "#57502f",
    );
    for _ in 0..120 {
        let (x, y) = (c.scatter(0.0, WIDTH), c.scatter(420.0, 600.0));
        let (lean, high) = (c.scatter(-8.0, 8.0), c.scatter(14.0, 44.0));
        c.line(
            (x, y),
            (x + lean, y - high),
            if lean > 0.0 { "#4d5a2c" } else { "#1c2612" },
            1.6,
        );
    }
    let foot = c.vertical(&[(0.0, "#141a0d", 0.0), (1.0, "#141a0d", 1.0)]);
    c.rect(0.0, 420.0, WIDTH, 180.0, &foot);
}

/// Rain before the lit towers, and one car that flies.
pub fn blade_runner(c: &mut Canvas) {
    let sky = c.vertical(&[
        (0.0, "#0a0b1e", 1.0),
        (0.5, "#3b1d4f", 1.0),
        (0.78, "#d2485f", 1.0),
        (1.0, "#ff9f5a", 1.0),
    ]);
    c.fill(&sky);
    let mut towers = |colour: &str, lights: Option<&str>, list: &[(f64, f64, f64)]| {
        for &(x, top, wide) in list {
            c.shape(
                &[
                    (x, 610.0),
                    (x, top),
                    (x + wide * 0.2, top - 18.0),
                    (x + wide * 0.8, top - 18.0),
                    (x + wide, top),
                    (x + wide, 610.0),
                ],
                colour,
            );
            c.line(
                (x + wide * 0.5, top - 18.0),
                (x + wide * 0.5, top - 54.0),
                colour,
                2.0,
            );
            let Some(light) = lights else { continue };
            for _ in 0..28 {
                let (dx, dy) = (c.scatter(5.0, wide - 8.0), c.scatter(8.0, 440.0 - top));
                c.rect(x + dx, top + dy, 3.0, 5.0, light);
            }
        }
    };
    towers(
        "#8a3a63",
        None,
        &[
            (30.0, 250.0, 50.0),
            (120.0, 214.0, 60.0),
            (236.0, 232.0, 46.0),
            (330.0, 200.0, 60.0),
        ],
    );
    towers(
        "#291540",
        Some("#ffb36b"),
        &[(-20.0, 210.0, 78.0), (86.0, 280.0, 62.0), (262.0, 262.0, 70.0)],
    );
    towers(
        "#150f2b",
        Some("#5ff3ff"),
        &[(44.0, 330.0, 64.0), (182.0, 318.0, 76.0), (326.0, 226.0, 94.0)],
    );
    c.rect(344.0, 262.0, 22.0, 96.0, "#ff3d7f");
    c.faded(0.4, |c| c.rect(338.0, 256.0, 34.0, 108.0, "#ff3d7f"));
    c.faded(0.55, |c| {
        c.shape(&[(176.0, 150.0), (-60.0, 206.0), (-60.0, 250.0)], "#bff8ff");
    });
    c.path("M168 146L192 134L236 136L254 150L244 160L178 160Z", "#0a0b1e");
    c.disc(174.0, 151.0, 5.0, "#ffffff");
    c.disc(250.0, 153.0, 3.5, "#ff3d3d");
    for _ in 0..120 {
        let (x, y, l, lit) = (
            c.scatter(0.0, 460.0),
            c.scatter(-60.0, 560.0),
            c.scatter(24.0, 96.0),
            c.scatter(0.12, 0.5),
        );
        c.faded((lit * 100.0).round() / 100.0, |c| {
            c.line((x, y), (x - l * 0.16, y + l), "#d9e6ff", 1.1);
        });
    }
    let foot = c.vertical(&[(0.0, "#0a0b1e", 0.0), (0.6, "#0a0b1e", 1.0)]);
    c.rect(0.0, 400.0, WIDTH, 200.0, &foot);
}

/// Columns of falling light with a door cut out of them.
pub fn the_matrix(c: &mut Canvas) {
    c.fill("#020a05");
    for column in 0..27_u32 {
        let x = 4.0 + f64::from(column) * 15.0;
        let (start, length) = (c.scatter(-260.0, 240.0), c.scatter(170.0, 420.0));
        let mut y = start;
        while y < start + length {
            let along = (y - start) / length;
            let colour = if along > 0.95 { "#e6ffe9" } else { "#2fe36b" };
            let bit = c.scatter(0.0, 4.0);
            c.faded(((0.08 + along * 0.92) * 100.0).round() / 100.0, |c| {
                if bit < 1.0 {
                    c.stroke(&format!("M{x:.0} {y:.0}h7v9"), colour, 2.0);
                } else if bit < 2.0 {
                    c.stroke(
                        &format!("M{:.1} {y:.0}v10M{x:.0} {:.0}h7", x + 3.5, y + 4.0),
                        colour,
                        2.0,
                    );
                } else if bit < 3.0 {
                    c.stroke(
                        &format!("M{x:.0} {y:.0}l7 9M{:.0} {y:.0}l-3 4", x + 7.0),
                        colour,
                        2.0,
                    );
                } else {
                    c.stroke(&format!("M{x:.0} {y:.0}v9h7"), colour, 2.0);
                }
            });
            y += 16.0;
        }
    }
    let glow = c.radial(&[(0.0, "#b9ffc9", 0.75), (1.0, "#2fe36b", 0.0)]);
    c.oval(200.0, 280.0, 150.0, 210.0, &glow);
    c.rect(146.0, 148.0, 108.0, 264.0, "#020a05");
    c.rect(152.0, 154.0, 96.0, 258.0, "#f1fff4");
    c.path("M184 412L187 300C178 296 172 300 172 290C174 262 180 250 192 246V238A11 12 0 1 1 208 238V246C220 250 226 262 228 290C228 300 222 296 213 300L216 412H203L200 320L197 412Z", "#020a05");
    c.path(
        "M178 296L166 396L184 404L200 300L216 404L234 396L222 296Z",
        "#020a05",
    );
    let spill = c.vertical(&[(0.0, "#c9ffd6", 0.75), (1.0, "#2fe36b", 0.0)]);
    c.shape(
        &[(152.0, 412.0), (248.0, 412.0), (330.0, 520.0), (70.0, 520.0)],
        &spill,
    );
    c.shape(
        &[(184.0, 412.0), (216.0, 412.0), (236.0, 510.0), (164.0, 510.0)],
        "#03150a",
    );
    let foot = c.vertical(&[(0.0, "#020a05", 0.0), (0.5, "#020a05", 1.0)]);
    c.rect(0.0, 410.0, WIDTH, 190.0, &foot);
}

/// One sprout on a planet of cubes.
pub fn wall_e(c: &mut Canvas) {
    let sky = c.vertical(&[
        (0.0, "#2a1f2e", 1.0),
        (0.45, "#b0552c", 1.0),
        (1.0, "#f2b35d", 1.0),
    ]);
    c.fill(&sky);
    stars(c, 50, 170.0, "#ffe9c8");
    let beam = c.vertical(&[(0.0, "#fff2c4", 0.75), (1.0, "#fff2c4", 0.05)]);
    c.shape(
        &[(180.0, -10.0), (220.0, -10.0), (310.0, 440.0), (90.0, 440.0)],
        &beam,
    );
    for (layer, colour, edge) in [(0.0, "#8c4526", "#7a3a1f"), (1.0, "#5e2c1a", "#4b2214")] {
        for (x, high) in [
            (-14.0, 11.0),
            (30.0, 8.0),
            (74.0, 4.5),
            (290.0, 5.5),
            (334.0, 9.0),
            (378.0, 12.0),
        ] {
            let cubes = high - layer * 3.0;
            let mut level = 0.0;
            while level < cubes {
                let (dx, y) = (c.scatter(-2.5, 2.5) + layer * 20.0, 440.0 - level * 27.0);
                c.rect(x + dx, y, 42.0, 26.0, colour);
                c.rect(x + dx, y + 22.0, 42.0, 4.0, edge);
                level += 1.0;
            }
        }
    }
    c.path(
        "M-10 452C90 424 150 436 200 432S330 430 410 448V610H-10Z",
        "#351a13",
    );
    c.path("M164 436C164 420 176 414 200 414S238 420 238 436Z", "#241009");
    c.stroke("M200 418C200 384 196 356 202 318", "#3f8f2e", 6.0);
    c.path(
        "M201 330C176 330 156 306 154 280C184 280 204 300 201 330Z",
        "#5fc043",
    );
    c.path(
        "M202 318C206 286 230 268 262 268C262 300 238 324 202 318Z",
        "#86dd5a",
    );
    c.path(
        "M199 376C180 376 166 364 160 346C182 344 198 356 199 376Z",
        "#4ba637",
    );
}
