//! Scenes for the films that leave the Earth, or that something comes to.

use super::canvas::{Canvas, HEIGHT, WIDTH};

/// Scatters stars over the upper part of the poster.
pub fn stars(c: &mut Canvas, count: u32, down_to: f64, colour: &str) {
    for _ in 0..count {
        let (x, y, r, lit) = (
            c.scatter(0.0, WIDTH),
            c.scatter(0.0, down_to),
            c.scatter(0.4, 1.6),
            c.scatter(0.3, 1.0),
        );
        c.faded((lit * 100.0).round() / 100.0, |c| c.disc(x, y, r, colour));
    }
}

/// Slab, sun and moon in one line.
pub fn space_odyssey(c: &mut Canvas) {
    c.fill("#05060a");
    stars(c, 90, 380.0, "#dfe7ff");
    let dawn = c.radial(&[
        (0.0, "#ffffff", 1.0),
        (0.12, "#ffe9b0", 1.0),
        (0.4, "#ff8a3c", 0.5),
        (1.0, "#ff8a3c", 0.0),
    ]);
    c.disc(200.0, 372.0, 210.0, &dawn);
    c.disc(200.0, 372.0, 26.0, "#ffffff");
    let earth = c.vertical(&[
        (0.0, "#3c78c8", 1.0),
        (0.05, "#12264a", 1.0),
        (0.3, "#05060a", 1.0),
    ]);
    c.disc(200.0, 880.0, 502.0, "#8fc7ff");
    c.disc(200.0, 884.0, 503.0, &earth);
    c.disc(200.0, 66.0, 34.0, "#c9cbd2");
    c.disc(200.0, 76.0, 35.0, "#05060a");
    let slab = c.vertical(&[(0.0, "#000000", 1.0), (1.0, "#16120f", 1.0)]);
    c.rect(152.0, 130.0, 96.0, 216.0, &slab);
    c.line((152.0, 346.0), (248.0, 346.0), "#ffd18a", 2.0);
    c.faded(0.6, |c| c.line((152.0, 132.0), (152.0, 345.0), "#ffd18a", 1.2));
    c.faded(0.6, |c| c.line((248.0, 132.0), (248.0, 345.0), "#ffd18a", 1.2));
}

/// A corridor of the ship, and what waits at its end.
pub fn alien(c: &mut Canvas) {
    c.fill("#050807");
    let corners = |r: f64| -> Vec<(f64, f64)> {
        let cut = r * 0.42;
        [
            (-cut, -r),
            (cut, -r),
            (r, -cut),
            (r, cut),
            (cut, r),
            (-cut, r),
            (-r, cut),
            (-r, -cut),
        ]
        .map(|(x, y)| (200.0 + x * 0.86, 236.0 + y * 1.1))
        .to_vec()
    };
    for (step, shade) in [
        "#0a120f", "#14231d", "#0a120f", "#1c352b", "#0d1a15", "#28503f", "#11241c", "#3a775b", "#183527",
        "#58a97f",
    ]
    .iter()
    .enumerate()
    {
        let r = 330.0 * 0.8_f64.powi(i32::try_from(step).unwrap_or(0));
        c.shape(&corners(r), shade);
    }
    c.shape(&corners(33.0), "#d8ffe4");
    let glow = c.radial(&[(0.0, "#c8ffda", 0.9), (1.0, "#58ffa0", 0.0)]);
    c.disc(200.0, 236.0, 130.0, &glow);
    for (x, y) in [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)] {
        for (near, far) in [(0.42, 1.0), (1.0, 0.42)] {
            c.faded(0.55, |c| {
                c.line(
                    (200.0 + x * near * 284.0, 236.0 + y * far * 363.0),
                    (200.0 + x * near * 34.0, 236.0 + y * far * 44.0),
                    "#050807",
                    3.0,
                );
            });
        }
    }
    let egg = "#050a08";
    c.path("M200 192C232 192 246 250 242 276C238 300 220 308 200 308C180 308 162 300 158 276C154 250 168 192 200 192Z", egg);
    c.stroke(
        "M200 194C197 206 203 214 200 228M200 206C192 202 186 204 180 212M200 206C208 202 214 204 220 212",
        "#9dffc2",
        2.4,
    );
    let floor = c.vertical(&[(0.0, "#050807", 0.0), (0.5, "#050807", 1.0)]);
    c.rect(0.0, 380.0, WIDTH, 220.0, &floor);
}

/// A black sphere that bends its own light.
pub fn interstellar(c: &mut Canvas) {
    c.fill("#04050a");
    stars(c, 110, 470.0, "#e9ecff");
    let halo = c.radial(&[
        (0.45, "#ff9d42", 0.0),
        (0.52, "#ffd9a0", 0.85),
        (0.62, "#e0742a", 0.4),
        (1.0, "#e0742a", 0.0),
    ]);
    c.disc(200.0, 236.0, 216.0, &halo);
    c.disc(200.0, 236.0, 106.0, "#04050a");
    c.ring(200.0, 236.0, 107.0, 107.0, "#fff3da", 2.5);
    c.placed((200.0, 236.0), -9.0, 1.0, |c| {
        let disc = c.radial(&[
            (0.0, "#ffffff", 1.0),
            (0.35, "#ffe2ad", 1.0),
            (0.7, "#ef8433", 0.75),
            (1.0, "#7a2d12", 0.0),
        ]);
        c.oval(0.0, 6.0, 250.0, 17.0, &disc);
        c.oval(0.0, 6.0, 180.0, 6.0, "#fff7e6");
    });
    for (r, lit) in [(132.0, 0.5), (146.0, 0.3), (163.0, 0.18)] {
        c.faded(lit, |c| {
            c.stroke(
                &format!("M{:.0} 236A{r} {r} 0 0 1 {:.0} 236", 200.0 - r, 200.0 + r),
                "#ffe2ad",
                2.0,
            );
        });
    }
    c.disc(322.0, 418.0, 10.0, "#bcd7e6");
    c.disc(325.0, 415.0, 9.4, "#18222e");
    c.line((96.0, 424.0), (103.0, 421.0), "#ffffff", 2.0);
    c.rect(0.0, HEIGHT - 1.0, WIDTH, 1.0, "#04050a");
}

/// A dark shell in the mist, and the people who came to ask.
pub fn arrival(c: &mut Canvas) {
    let mist = c.vertical(&[
        (0.0, "#71838a", 1.0),
        (0.5, "#c8d0cd", 1.0),
        (0.74, "#e6e4d8", 1.0),
        (1.0, "#8b968c", 1.0),
    ]);
    c.fill(&mist);
    let shell = c.vertical(&[
        (0.0, "#11161a", 1.0),
        (0.75, "#1d262b", 1.0),
        (1.0, "#4d5a5e", 1.0),
    ]);
    c.path("M206 22C262 60 292 150 288 236C284 316 254 376 214 398C180 392 158 330 154 238C150 146 168 60 206 22Z", &shell);
    c.faded(0.22, |c| c.path("M206 22C180 80 168 150 172 238C176 320 192 380 214 398C180 392 158 330 154 238C150 146 168 60 206 22Z", "#dfe8e8"));
    for (y, lit, high) in [
        (356.0, 0.75, 26.0),
        (392.0, 0.9, 22.0),
        (300.0, 0.35, 16.0),
        (120.0, 0.3, 12.0),
    ] {
        c.faded(lit, |c| {
            c.oval(120.0, y, 210.0, high, "#dfe2dc");
            c.oval(330.0, y + 12.0, 170.0, high * 0.8, "#e6e7e0");
        });
    }
    c.path(
        "M-10 452C80 430 170 440 240 436S360 428 410 440V610H-10Z",
        "#5c6b5c",
    );
    c.path("M-10 478C100 462 220 474 410 458V610H-10Z", "#38453b");
    for (x, s) in [(172.0, 1.0), (187.0, 0.92), (206.0, 1.05), (240.0, 0.8)] {
        c.placed((x, 454.0), 0.0, s, |c| {
            c.disc(0.0, -24.0, 4.0, "#e8692c");
            c.path("M-5-19H5L6 0H-6Z", "#e8692c");
        });
    }
    let foot = c.vertical(&[(0.0, "#1c2620", 0.0), (0.7, "#1c2620", 1.0)]);
    c.rect(0.0, 440.0, WIDTH, 160.0, &foot);
}
