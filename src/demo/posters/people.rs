//! Scenes for the films about two people and the same evening.

use super::canvas::{Canvas, WIDTH};

/// A lamp, the rain, and two people who do not meet.
pub fn mood_for_love(c: &mut Canvas) {
    let wall = c.vertical(&[
        (0.0, "#3a0a12", 1.0),
        (0.6, "#7a1420", 1.0),
        (1.0, "#2a070d", 1.0),
    ]);
    c.fill(&wall);
    for row in 0..9_u32 {
        for column in 0..6_u32 {
            let (x, y) = (
                f64::from(column) * 80.0 + if row % 2 == 0 { 0.0 } else { 40.0 },
                20.0 + f64::from(row) * 56.0,
            );
            c.faded(0.2, |c| {
                for petal in 0..6_u32 {
                    c.placed((x, y), f64::from(petal) * 60.0, 1.0, |c| {
                        c.oval(0.0, -13.0, 6.0, 12.0, "#e8574a");
                    });
                }
                c.disc(x, y, 5.0, "#f6b35c");
            });
        }
    }
    let cone = c.vertical(&[(0.0, "#ffd98a", 0.85), (1.0, "#ffb347", 0.0)]);
    c.shape(
        &[(176.0, 122.0), (224.0, 122.0), (380.0, 470.0), (20.0, 470.0)],
        &cone,
    );
    c.line((200.0, -5.0), (200.0, 92.0), "#14060a", 3.0);
    c.path(
        "M162 122C164 100 184 90 200 88C216 90 236 100 238 122Z",
        "#0f3d3a",
    );
    c.oval(200.0, 122.0, 38.0, 7.0, "#fff3cf");
    let ink = "#14060a";
    c.disc(138.0, 250.0, 17.0, ink);
    c.disc(151.0, 233.0, 11.0, ink);
    c.rect(131.0, 258.0, 13.0, 28.0, ink);
    c.path("M116 296C122 284 130 280 138 280S154 284 160 296C166 312 168 330 164 350L160 372L154 350L156 332C155 350 158 364 162 384C166 412 160 444 156 470H120C114 440 110 412 116 382C120 364 122 350 120 332L116 372L108 350C106 330 110 310 116 296Z", ink);
    c.disc(264.0, 238.0, 18.0, ink);
    c.rect(256.0, 248.0, 16.0, 26.0, ink);
    c.path("M228 286C238 276 250 270 264 270S290 276 300 286C308 302 310 330 308 372L300 374L296 330L298 470H268L265 392L262 470H232L234 330L230 374L221 372C219 330 220 302 228 286Z", ink);
    for _ in 0..46 {
        let (x, y, l) = (
            c.scatter(0.0, WIDTH),
            c.scatter(-20.0, 440.0),
            c.scatter(20.0, 60.0),
        );
        c.faded(0.35, |c| c.line((x, y), (x - 2.0, y + l), "#ffe7bd", 1.1));
    }
    let foot = c.vertical(&[(0.0, "#14060a", 0.0), (0.4, "#14060a", 1.0)]);
    c.rect(0.0, 430.0, WIDTH, 170.0, &foot);
}

/// The same dawn again and again, and once another.
pub fn groundhog_day(c: &mut Canvas) {
    c.fill("#f3e9d2");
    for row in 0..5_u32 {
        for column in 0..5_u32 {
            let (x, y) = (26.0 + f64::from(column) * 71.0, 26.0 + f64::from(row) * 74.0);
            let (sky, sun, hill) = if (row, column) == (3, 3) {
                ("#f25c4a", "#ffe27a", "#7c2240")
            } else {
                ("#8fb9c4", "#f4f0df", "#41677a")
            };
            c.rect(x, y, 64.0, 66.0, sky);
            if (row, column) == (3, 3) {
                for ray in 0..9_u32 {
                    let turn = f64::from(ray) * 22.5 - 90.0;
                    c.placed((x + 32.0, y + 46.0), turn, 1.0, |c| {
                        c.line((0.0, -26.0), (0.0, -33.0), sun, 3.0);
                    });
                }
            }
            c.path(
                &format!("M{:.1} {:.1}a19 19 0 0 1 38 0z", x + 13.0, y + 46.0),
                sun,
            );
            c.rect(x, y + 46.0, 64.0, 20.0, hill);
            c.oval(x + 32.0, y + 53.0, 7.0, 8.0, hill);
            c.faded(0.35, |c| {
                c.path(&format!("M{:.1} {:.1}l-6 20h12z", x + 32.0, y + 46.0), "#1b2230");
            });
        }
    }
}
