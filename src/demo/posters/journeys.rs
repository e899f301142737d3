//! Scenes for the films in which somebody has far to go.

use super::canvas::{Canvas, WIDTH};
use super::space::stars;

/// Footprints to the only warm light for a thousand miles.
pub fn the_thing(c: &mut Canvas) {
    let night = c.vertical(&[
        (0.0, "#050b1c", 1.0),
        (0.5, "#123a5c", 1.0),
        (0.62, "#3f84a0", 1.0),
        (1.0, "#3f84a0", 1.0),
    ]);
    c.fill(&night);
    stars(c, 80, 240.0, "#e9f6ff");
    for (x, lit) in [(40.0, 0.5), (120.0, 0.75), (210.0, 0.45), (300.0, 0.65)] {
        let veil = c.vertical(&[
            (0.0, "#5dffc8", 0.0),
            (0.7, "#5dffc8", 0.5),
            (1.0, "#5dffc8", 0.0),
        ]);
        c.faded(lit, |c| {
            c.path(
                &format!(
                    "M{x:.0} 30C{:.0} 90 {:.0} 140 {:.0} 300L{:.0} 300C{:.0} 160 {:.0} 90 {:.0} 20Z",
                    x + 50.0,
                    x - 24.0,
                    x + 20.0,
                    x + 84.0,
                    x + 40.0,
                    x + 116.0,
                    x + 62.0
                ),
                &veil,
            );
        });
    }
    c.shape(
        &[
            (-10.0, 330.0),
            (50.0, 262.0),
            (96.0, 300.0),
            (160.0, 236.0),
            (236.0, 316.0),
            (300.0, 270.0),
            (344.0, 300.0),
            (410.0, 250.0),
            (410.0, 360.0),
            (-10.0, 360.0),
        ],
        "#1b4a68",
    );
    c.shape(
        &[
            (50.0, 262.0),
            (70.0, 292.0),
            (56.0, 300.0),
            (40.0, 286.0),
            (28.0, 288.0),
        ],
        "#8fc4d6",
    );
    c.shape(
        &[
            (160.0, 236.0),
            (192.0, 270.0),
            (170.0, 278.0),
            (156.0, 264.0),
            (134.0, 264.0),
        ],
        "#8fc4d6",
    );
    c.path(
        "M-10 336C80 318 170 330 250 322S360 316 410 326V610H-10Z",
        "#cfe8f0",
    );
    c.path("M-10 400C120 372 260 404 410 376V610H-10Z", "#b3d7e4");
    c.path("M-10 480C120 452 260 492 410 462V610H-10Z", "#8dbfd2");
    let glow = c.radial(&[(0.0, "#ffb347", 0.9), (1.0, "#ffb347", 0.0)]);
    c.oval(262.0, 312.0, 90.0, 44.0, &glow);
    c.path("M228 318V292L262 274L296 292V318Z", "#0b1626");
    c.path("M222 294L262 270L302 294L298 298L262 278L226 298Z", "#f2fbff");
    c.rect(240.0, 296.0, 12.0, 10.0, "#ffcf6b");
    c.rect(268.0, 294.0, 12.0, 24.0, "#ff8a3c");
    for print in 0..22_u32 {
        let depth = 0.87_f64.powi(print.cast_signed());
        let side = if print % 2 == 0 { 10.0 } else { -10.0 };
        let x = 270.0 - 170.0 * depth + (f64::from(print) * 0.55).sin() * 26.0 * depth + side * depth;
        c.placed((x, 326.0 + 190.0 * depth), 24.0, depth, |c| {
            c.oval(0.0, 0.0, 7.5, 12.0, "#2d6684");
        });
    }
    let foot = c.vertical(&[
        (0.0, "#0c2a44", 0.0),
        (0.75, "#0c2a44", 0.95),
        (1.0, "#0c2a44", 1.0),
    ]);
    c.rect(0.0, 420.0, WIDTH, 180.0, &foot);
}

/// Two burning tracks and the stroke of lightning they were waiting for.
pub fn back_to_the_future(c: &mut Canvas) {
    let sky = c.vertical(&[
        (0.0, "#0b0a2b", 1.0),
        (0.5, "#372a80", 1.0),
        (0.545, "#c2559b", 1.0),
        (0.56, "#1a1436", 1.0),
        (1.0, "#0a081c", 1.0),
    ]);
    c.fill(&sky);
    stars(c, 60, 260.0, "#ffffff");
    let dark = "#0a081c";
    c.rect(130.0, 250.0, 140.0, 88.0, dark);
    c.shape(&[(116.0, 254.0), (200.0, 190.0), (284.0, 254.0)], dark);
    c.rect(172.0, 132.0, 56.0, 80.0, dark);
    c.shape(&[(164.0, 136.0), (200.0, 100.0), (236.0, 136.0)], dark);
    for column in 0..4_u32 {
        c.rect(143.0 + f64::from(column) * 34.0, 268.0, 12.0, 70.0, "#2a2160");
    }
    c.disc(200.0, 166.0, 23.0, "#ffeab0");
    c.line((200.0, 166.0), (200.0, 150.0), dark, 3.0);
    c.line((200.0, 166.0), (189.0, 160.0), dark, 3.0);
    let flash = c.radial(&[(0.0, "#dff6ff", 0.9), (1.0, "#7fd4ff", 0.0)]);
    c.disc(200.0, 100.0, 110.0, &flash);
    c.shape(
        &[
            (268.0, -10.0),
            (214.0, 46.0),
            (240.0, 48.0),
            (198.0, 102.0),
            (262.0, 38.0),
            (234.0, 36.0),
            (292.0, -10.0),
        ],
        "#f4fdff",
    );
    let fire = c.vertical(&[
        (0.0, "#fff3b0", 1.0),
        (0.3, "#ffb02e", 1.0),
        (1.0, "#f0301f", 1.0),
    ]);
    for (near, far) in [(104.0, 192.0), (296.0, 208.0)] {
        let aura = c.vertical(&[(0.0, "#ff9d2e", 0.25), (1.0, "#ff3d1f", 0.5)]);
        c.shape(
            &[
                (near - 46.0, 600.0),
                (near + 46.0, 600.0),
                (far + 3.0, 336.0),
                (far - 3.0, 336.0),
            ],
            &aura,
        );
        c.shape(
            &[
                (near - 17.0, 600.0),
                (near + 17.0, 600.0),
                (far + 1.5, 336.0),
                (far - 1.5, 336.0),
            ],
            &fire,
        );
        for tongue in 0..12_u32 {
            let depth = 0.8_f64.powi(tongue.cast_signed());
            let (x, y) = (far + (near - far) * depth, 336.0 + 230.0 * depth);
            let (lean, high) = (c.scatter(-16.0, 16.0) * depth, c.scatter(40.0, 80.0) * depth);
            c.shape(
                &[(x - 12.0 * depth, y), (x + lean, y - high), (x + 12.0 * depth, y)],
                "#ffb02e",
            );
        }
    }
    let foot = c.vertical(&[
        (0.0, "#0a081c", 0.0),
        (0.3, "#0a081c", 0.75),
        (1.0, "#0a081c", 1.0),
    ]);
    c.rect(0.0, 440.0, WIDTH, 160.0, &foot);
}

/// The sun, the dust, and everybody driving one way.
pub fn fury_road(c: &mut Canvas) {
    let sky = c.vertical(&[
        (0.0, "#0e4a5c", 1.0),
        (0.28, "#2f8c90", 1.0),
        (0.52, "#ffb84a", 1.0),
        (0.7, "#f2761f", 1.0),
        (1.0, "#9e2f0f", 1.0),
    ]);
    c.fill(&sky);
    c.disc(200.0, 214.0, 104.0, "#fff0bd");
    c.faded(0.3, |c| c.disc(200.0, 214.0, 136.0, "#fff0bd"));
    let rock = "#b8430f";
    c.path(
        "M-10 340L20 230L44 214L70 232L82 300L104 316L116 350V420H-10Z",
        rock,
    );
    c.path(
        "M410 350L384 246L356 222L330 240L318 306L298 330L290 360V420H410Z",
        rock,
    );
    c.path("M-10 346C100 330 300 330 410 346V610H-10Z", "#e0641a");
    for (x, y, r, lit) in [
        (200.0, 330.0, 58.0, 0.75),
        (152.0, 346.0, 44.0, 0.8),
        (250.0, 344.0, 46.0, 0.8),
        (112.0, 362.0, 34.0, 0.8),
        (292.0, 360.0, 36.0, 0.8),
        (200.0, 366.0, 54.0, 0.9),
        (170.0, 290.0, 36.0, 0.5),
        (232.0, 284.0, 32.0, 0.45),
    ] {
        c.faded(lit, |c| c.disc(x, y, r, "#f7a446"));
    }
    let iron = "#1a0d08";
    for (x, y, s) in [
        (112.0, 370.0, 0.42),
        (292.0, 368.0, 0.42),
        (150.0, 364.0, 0.34),
        (254.0, 362.0, 0.34),
        (62.0, 384.0, 0.5),
        (344.0, 384.0, 0.5),
        (200.0, 402.0, 1.0),
    ] {
        c.placed((x, y), 0.0, s, |c| {
            c.path("M-44 0L-40-40L-30-70L-24-104H24L30-70L40-40L44 0Z", iron);
            c.rect(-56.0, -34.0, 22.0, 46.0, iron);
            c.rect(34.0, -34.0, 22.0, 46.0, iron);
            c.shape(
                &[(-20.0, -74.0), (20.0, -74.0), (17.0, -96.0), (-17.0, -96.0)],
                "#ffcf6b",
            );
            c.rect(-34.0, -128.0, 8.0, 60.0, iron);
            c.rect(26.0, -128.0, 8.0, 60.0, iron);
            c.disc(-26.0, -20.0, 7.0, "#fff0bd");
            c.disc(26.0, -20.0, 7.0, "#fff0bd");
            for bar in 0..5_u32 {
                c.rect(-14.0 + f64::from(bar) * 6.0, -34.0, 3.0, 28.0, "#e0641a");
            }
        });
    }
    let foot = c.vertical(&[
        (0.0, "#3a1206", 0.0),
        (0.3, "#3a1206", 0.95),
        (1.0, "#1a0d08", 1.0),
    ]);
    c.rect(0.0, 410.0, WIDTH, 190.0, &foot);
}
/// A white field, a fence, and one spot of red.
pub fn fargo(c: &mut Canvas) {
    let white = c.vertical(&[
        (0.0, "#c9d3d8", 1.0),
        (0.42, "#eef2f3", 1.0),
        (0.43, "#f7f9f9", 1.0),
        (1.0, "#dfe6e9", 1.0),
    ]);
    c.fill(&white);
    let ink = "#2b3136";
    for post in 0..17_u32 {
        let depth = 0.81_f64.powi(post.cast_signed());
        let (x, foot) = (210.0 - 250.0 * depth, 252.0 + 200.0 * depth);
        let high = 176.0 * depth;
        c.placed((x, foot), f64::from(post * 7 % 5) - 2.0, 1.0, |c| {
            c.shape(
                &[
                    (-6.0 * depth, 0.0),
                    (-5.0 * depth, -high),
                    (5.0 * depth, -high),
                    (6.0 * depth, 0.0),
                ],
                ink,
            );
        });
    }
    for wire in [0.35, 0.62, 0.88] {
        c.line(
            (210.0 - 260.0, 252.0 + 208.0 - 183.0 * wire),
            (208.0, 252.0),
            ink,
            1.2,
        );
    }
    c.faded(0.35, |c| c.path("M300 600C270 520 262 440 236 360S216 280 214 254L219 254C226 280 246 340 268 380S340 500 392 560V600Z", "#a9b8bf"));
    for (x, y, s) in [
        (322.0, 520.0, 1.0),
        (296.0, 470.0, 0.8),
        (288.0, 430.0, 0.66),
        (266.0, 396.0, 0.5),
        (256.0, 370.0, 0.4),
        (243.0, 346.0, 0.3),
    ] {
        c.placed((x, y - 40.0), 20.0, s, |c| c.oval(0.0, 0.0, 9.0, 15.0, "#9fb0b8"));
    }
    c.oval(286.0, 338.0, 34.0, 8.0, "#c01a22");
    c.oval(316.0, 346.0, 15.0, 4.0, "#c01a22");
    c.disc(256.0, 350.0, 4.0, "#c01a22");
    c.path(
        "M250 338C252 318 270 308 292 312C312 314 322 326 322 338C304 330 272 330 250 338Z",
        "#3d2c24",
    );
    for _ in 0..70 {
        let (x, y, r) = (c.scatter(0.0, WIDTH), c.scatter(0.0, 460.0), c.scatter(1.0, 3.0));
        c.disc(x, y, r, "#ffffff");
    }
}
