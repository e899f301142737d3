//! Scenes for the films before 1960.

use super::canvas::{Canvas, HEIGHT, WIDTH};

/// A crooked castle before a moon too large for its sky.
pub fn nosferatu(c: &mut Canvas) {
    let sky = c.vertical(&[(0.0, "#0b1410", 1.0), (1.0, "#39503a", 1.0)]);
    c.fill(&sky);
    let glow = c.radial(&[(0.5, "#d8dfb0", 0.35), (1.0, "#d8dfb0", 0.0)]);
    c.disc(200.0, 210.0, 260.0, &glow);
    c.disc(200.0, 210.0, 132.0, "#e3e6bf");
    for (x, y, r) in [
        (150.0, 170.0, 20.0),
        (236.0, 150.0, 12.0),
        (258.0, 236.0, 26.0),
        (170.0, 262.0, 10.0),
    ] {
        c.faded(0.35, |c| c.disc(x, y, r, "#b9c190"));
    }
    let rock = "#0a100c";
    c.shape(
        &[
            (0.0, 470.0),
            (70.0, 420.0),
            (128.0, 396.0),
            (160.0, 330.0),
            (252.0, 322.0),
            (282.0, 392.0),
            (400.0, 452.0),
            (400.0, 600.0),
            (0.0, 600.0),
        ],
        rock,
    );
    for (x, top, wide, roof) in [
        (158.0, 258.0, 26.0, 52.0),
        (190.0, 214.0, 22.0, 74.0),
        (218.0, 274.0, 30.0, 40.0),
    ] {
        c.rect(x, top, wide, 120.0, rock);
        c.shape(
            &[
                (x - 5.0, top),
                (x + wide / 2.0 + 4.0, top - roof),
                (x + wide + 5.0, top),
            ],
            rock,
        );
    }
    c.rect(198.0, 236.0, 6.0, 13.0, "#e3b34a");
    for (x, y, s) in [(96.0, 130.0, 1.0), (304.0, 116.0, 0.7), (322.0, 172.0, 0.5)] {
        c.placed((x, y), -8.0, s, |c| {
            c.path("M0 0C8-14 20-14 26-2C22-4 16-3 13 2C10-1 6-1 3 3C0-1-4-1-7 2C-10-3-16-4-20-2C-14-14-6-12 0 0Z", rock);
        });
    }
}

/// Stepped towers and searchlights, drawn like a medal.
pub fn metropolis(c: &mut Canvas) {
    let sky = c.vertical(&[
        (0.0, "#14100c", 1.0),
        (0.75, "#6b4517", 1.0),
        (1.0, "#2a1a0a", 1.0),
    ]);
    c.fill(&sky);
    for step in 0..15_u32 {
        let lean = f64::from(step) - 7.0;
        let (x, wide) = (lean * 62.0, 7.0 + lean.abs());
        c.faded(if step % 2 == 0 { 0.34 } else { 0.14 }, |c| {
            c.shape(
                &[
                    (200.0, 190.0),
                    (200.0 + x * 1.6 - wide, -40.0),
                    (200.0 + x * 1.6 + wide * 2.0, -40.0),
                ],
                "#f2c466",
            );
        });
    }
    let towers: [(f64, f64, &str); 6] = [
        (168.0, 330.0, "#4a3012"),
        (128.0, 288.0, "#70491a"),
        (92.0, 252.0, "#a06a24"),
        (62.0, 214.0, "#cf9337"),
        (36.0, 176.0, "#f0c267"),
        (12.0, 128.0, "#fdeebd"),
    ];
    for (half, top, colour) in towers {
        c.rect(200.0 - half, top, half * 2.0, 440.0, colour);
        for line in 1..3_u32 {
            let x = half * f64::from(line) / 3.0;
            c.rect(200.0 - x - 1.0, top + 10.0, 2.0, 440.0, "#14100c");
            c.rect(200.0 + x - 1.0, top + 10.0, 2.0, 440.0, "#14100c");
        }
    }
    c.line((200.0, 128.0), (200.0, 70.0), "#fdeebd", 3.0);
    c.ring(200.0, 190.0, 66.0, 14.0, "#fdeebd", 3.0);
    c.ring(200.0, 190.0, 92.0, 21.0, "#f0c267", 1.5);
    let base = c.vertical(&[(0.0, "#14100c", 0.0), (0.55, "#14100c", 1.0)]);
    c.rect(0.0, 360.0, WIDTH, 240.0, &base);
}

/// A child's balloon in the wires above an empty city.
pub fn m(c: &mut Canvas) {
    let sky = c.vertical(&[(0.0, "#cfc7b4", 1.0), (1.0, "#8d8572", 1.0)]);
    c.fill(&sky);
    let ink = "#23211e";
    c.rect(282.0, 0.0, 12.0, HEIGHT, ink);
    for (y, half) in [(92.0, 62.0), (150.0, 48.0)] {
        c.rect(288.0 - half, y, half * 2.0, 8.0, ink);
        for side in [-1.0, -0.55, 0.55, 1.0] {
            c.rect(285.0 + side * (half - 6.0), y - 14.0, 6.0, 14.0, ink);
        }
    }
    for (y, sag) in [(80.0, 90.0), (80.0, 128.0), (138.0, 80.0), (138.0, 120.0)] {
        c.stroke(
            &format!(
                "M-10 {:.0}Q140 {:.0} 258 {y:.0}T420 {:.0}",
                y + 40.0,
                y + sag,
                y - 30.0
            ),
            ink,
            1.6,
        );
    }
    c.stroke("M120 318C112 340 132 352 118 376S126 404 116 416", "#7c1616", 2.0);
    c.path(
        "M120 310C70 276 56 160 124 152C190 156 176 278 120 310Z",
        "#c2281f",
    );
    c.path("M113 320L120 306L127 320Z", "#c2281f");
    c.faded(0.5, |c| {
        c.path(
            "M92 196C96 180 106 172 116 172C104 184 98 200 98 218C92 214 90 206 92 196Z",
            "#f6d4c0",
        );
    });
    c.stroke("M-10 214Q120 262 262 150", ink, 1.6);
    c.shape(
        &[
            (0.0, 452.0),
            (58.0, 428.0),
            (58.0, 452.0),
            (108.0, 452.0),
            (108.0, 418.0),
            (120.0, 418.0),
            (120.0, 452.0),
            (196.0, 452.0),
            (236.0, 428.0),
            (276.0, 452.0),
            (330.0, 452.0),
            (330.0, 436.0),
            (400.0, 410.0),
            (400.0, 600.0),
            (0.0, 600.0),
        ],
        ink,
    );
}

/// A door on the desert's night, and a small aeroplane leaving.
pub fn casablanca(c: &mut Canvas) {
    c.fill("#e0b77d");
    let night = c.vertical(&[
        (0.0, "#101c3f", 1.0),
        (0.6, "#3c4f86", 1.0),
        (1.0, "#e9a25f", 1.0),
    ]);
    let arch = "M72 470V262C72 246 52 238 52 206C52 138 120 66 200 48C280 66 348 138 348 206C348 238 328 246 328 262V470Z";
    c.path("M56 470V268C56 252 34 244 34 208C34 130 112 50 200 28C288 50 366 130 366 208C366 244 344 252 344 268V470Z", "#b9793f");
    c.path(arch, &night);
    c.disc(250.0, 164.0, 30.0, "#fbf1d2");
    c.disc(238.0, 156.0, 27.0, "#1d2b57");
    for _ in 0..26 {
        let (x, y, r) = (
            c.scatter(92.0, 308.0),
            c.scatter(96.0, 270.0),
            c.scatter(0.6, 1.7),
        );
        c.disc(x, y, r, "#fbf1d2");
    }
    c.faded(0.3, |c| {
        c.shape(&[(122.0, 470.0), (92.0, 110.0), (146.0, 96.0)], "#fbf1d2");
    });
    c.placed((196.0, 262.0), -14.0, 1.0, |c| {
        c.path(
            "M-44 4L-56-16L-46-16L-30-2L24-4C40-4 48 2 48 5C48 9 40 12 24 12L-30 10Z",
            "#0c1228",
        );
        c.path("M-8 2L10 34L22 34L14 2Z", "#0c1228");
        c.path("M0-2L-6-20L2-20L12-3Z", "#0c1228");
        c.line((49.0, -9.0), (49.0, 18.0), "#0c1228", 2.0);
    });
    c.path(
        "M72 470V428C120 404 160 420 204 410C250 398 290 412 328 396V470Z",
        "#8a4f22",
    );
    c.path("M72 470V452C150 432 220 452 328 430V470Z", "#5b2f14");
    c.rect(0.0, 470.0, WIDTH, 130.0, "#b9793f");
    for tile in 0..9_u32 {
        let x = f64::from(tile) * 50.0;
        c.shape(
            &[(x, 474.0), (x + 16.0, 486.0), (x, 498.0), (x - 16.0, 486.0)],
            "#17305c",
        );
    }
}

/// The end of a tunnel, tilted, and somebody running in it.
pub fn the_third_man(c: &mut Canvas) {
    c.fill("#0c0c0d");
    c.placed((200.0, 250.0), -11.0, 1.0, |c| {
        for ring in 0..15_u32 {
            let r = 330.0 * 0.845_f64.powi(ring.cast_signed());
            let shade = 16 + ring * 15;
            let colour = if ring % 2 == 0 { format!("#{shade:02x}{shade:02x}{:02x}", shade - 2) } else { "#0c0c0d".into() };
            c.disc(0.0, 0.0, r, &colour);
        }
        c.disc(0.0, 0.0, 88.0, "#f3f0e6");
        c.shape(&[(-300.0, 420.0), (300.0, 420.0), (60.0, 66.0), (-60.0, 66.0)], "#1a1a1b");
        c.shape(&[(-120.0, 420.0), (40.0, 420.0), (14.0, 62.0), (-8.0, 62.0)], "#000000");
        c.faded(0.9, |c| c.shape(&[(60.0, 420.0), (120.0, 420.0), (34.0, 66.0), (24.0, 66.0)], "#e8e2cf"));
        let man = "#0c0c0d";
        c.path("M-22-34C-10-38 12-38 24-33L23-30C10-33-10-33-21-30Z", man);
        c.path("M-12-31L-8-47C-2-50 6-50 11-47L15-30Z", man);
        c.disc(1.0, -26.0, 9.0, man);
        c.path("M-6-19H9C20-16 25-10 27 4L32 34L25 36L20 14L24 46H16L15 66H5L2 46L-3 66H-13L-13 46H-21L-15 12L-22 32L-29 29L-22 2C-20-10-15-16-6-19Z", man);
    });
    let floor = c.vertical(&[(0.0, "#0c0c0d", 0.0), (1.0, "#0c0c0d", 1.0)]);
    c.rect(0.0, 360.0, WIDTH, 140.0, &floor);
    c.rect(0.0, 499.0, WIDTH, 110.0, "#0c0c0d");
}

/// Seven swords on a mound before the sun, in the rain.
pub fn seven_samurai(c: &mut Canvas) {
    c.fill("#efe6d2");
    c.disc(200.0, 236.0, 148.0, "#c5281c");
    for _ in 0..70 {
        let (x, y, l) = (
            c.scatter(-20.0, 420.0),
            c.scatter(-20.0, 430.0),
            c.scatter(30.0, 80.0),
        );
        c.faded(0.5, |c| c.line((x, y), (x - l * 0.2, y + l), "#efe6d2", 1.3));
        c.faded(0.16, |c| {
            c.line((x + 9.0, y), (x + 9.0 - l * 0.2, y + l), "#1b1512", 1.0);
        });
    }
    let ink = "#1b1512";
    for (x, top, lean) in [
        (104.0, 300.0, -5.0),
        (136.0, 250.0, 3.0),
        (170.0, 268.0, -2.0),
        (202.0, 196.0, 1.0),
        (236.0, 262.0, 4.0),
        (268.0, 246.0, -3.0),
        (298.0, 306.0, 6.0),
    ] {
        c.placed((x, 470.0), lean, 1.0, |c| {
            let high = 470.0 - top;
            c.path(
                &format!("M-2.5 0L-2 {:.0}L2 {:.0}L2.5 0Z", 46.0 - high, 46.0 - high),
                ink,
            );
            c.oval(0.0, 46.0 - high, 10.0, 3.0, ink);
            c.rect(-3.4, 6.0 - high, 6.8, 40.0, ink);
            for wrap in 0..4_u32 {
                c.rect(-3.4, 11.0 - high + f64::from(wrap) * 9.0, 6.8, 2.0, "#efe6d2");
            }
        });
    }
    c.path(
        "M-10 500C60 470 120 402 200 398C290 402 330 468 410 496V620H-10Z",
        ink,
    );
}

/// A courtyard of lit windows, one of them watching back.
pub fn rear_window(c: &mut Canvas) {
    c.fill("#22343f");
    for row in 0..34_u32 {
        let y = f64::from(row) * 15.0;
        let shift = if row % 2 == 0 { 0.0 } else { 16.0 };
        for brick in 0..14_u32 {
            if c.scatter(0.0, 1.0) < 0.3 {
                c.faded(0.25, |c| {
                    c.rect(f64::from(brick) * 32.0 - shift, y, 30.0, 13.0, "#3c5666");
                });
            }
        }
    }
    for row in 0..4_u32 {
        for column in 0..4_u32 {
            let (x, y) = (32.0 + f64::from(column) * 88.0, 30.0 + f64::from(row) * 112.0);
            let watcher = (row, column) == (2, 2);
            let lit = !watcher && (row * 7 + column * 3) % 5 < 3;
            c.rect(x - 5.0, y - 5.0, 82.0, 92.0, "#131f26");
            c.rect(
                x,
                y,
                72.0,
                82.0,
                if lit {
                    ["#f6c667", "#f2a65a", "#fbe3a4"][((row + column) % 3) as usize]
                } else {
                    "#0b1318"
                },
            );
            let blind = if lit { c.scatter(0.0, 52.0) } else { 0.0 };
            for slat in 0..7_u32 {
                if f64::from(slat) * 9.0 < blind {
                    c.rect(x, y + f64::from(slat) * 9.0, 72.0, 6.0, "#b9703a");
                }
            }
            if watcher {
                c.disc(x + 34.0, y + 50.0, 22.0, "#2a3c47");
                c.disc(x + 28.0, y + 48.0, 3.6, "#ff5a36");
            } else if lit && (row + column * 2) % 3 == 0 {
                c.disc(x + 48.0, y + 46.0, 9.0, "#2a1a12");
                c.path(
                    &format!("M{:.0} {:.0}c2-26 30-26 34 0z", x + 31.0, y + 82.0),
                    "#2a1a12",
                );
            }
            c.rect(x + 34.0, y, 3.0, 82.0, "#131f26");
            c.rect(x, y + 40.0, 72.0, 3.0, "#131f26");
            c.rect(x - 8.0, y + 86.0, 88.0, 7.0, "#4b6877");
        }
    }
    let foot = c.vertical(&[(0.0, "#131f26", 0.0), (0.35, "#131f26", 1.0)]);
    c.rect(0.0, 430.0, WIDTH, 170.0, &foot);
}

/// A stairwell seen from the top, turning as it falls away.
pub fn vertigo(c: &mut Canvas) {
    c.fill("#e2571e");
    let turns = ["#f4e3c3", "#1a1210", "#e2571e", "#8f1d12"];
    c.placed((200.0, 232.0), 0.0, 1.0, |c| {
        for step in 0..30_u32 {
            let size = 330.0 * 0.86_f64.powi(step.cast_signed());
            c.placed((0.0, 0.0), f64::from(step) * 8.5, 1.0, |c| {
                c.shape(
                    &[(-size, -size), (size, -size), (size, size), (-size, size)],
                    turns[(step % 4) as usize],
                );
            });
        }
        c.disc(0.0, 0.0, 5.0, "#f4e3c3");
    });
    let base = c.vertical(&[
        (0.0, "#1a1210", 0.0),
        (0.4, "#1a1210", 0.94),
        (1.0, "#1a1210", 1.0),
    ]);
    c.rect(0.0, 420.0, WIDTH, 180.0, &base);
}
