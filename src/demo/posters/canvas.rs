//! A small drawing surface that writes SVG. Owns shapes, gradients and repeatable scatter; knows no film.

use std::fmt::Write as _;

/// Width of every poster, in SVG units.
pub const WIDTH: f64 = 400.0;
/// Height of every poster, in SVG units.
pub const HEIGHT: f64 = 600.0;

/// A point in SVG units, y downwards.
pub type Point = (f64, f64);

/// An SVG document in the making. Colours are `#rrggbb`, or what a gradient method returned.
#[derive(Debug)]
pub struct Canvas {
    body: String,
    defs: String,
    gradients: u32,
    seed: u32,
}

impl Canvas {
    /// An empty surface. The same seed scatters the same way on every machine.
    pub const fn new(seed: u32) -> Self {
        Self {
            body: String::new(),
            defs: String::new(),
            gradients: 0,
            seed,
        }
    }

    /// Appends one element. Writing to a `String` cannot fail.
    fn push(&mut self, element: std::fmt::Arguments<'_>) {
        let _ = self.body.write_fmt(element);
        self.body.push('\n');
    }

    /// The next number of a repeatable sequence, from `low` up to but not including `high`.
    pub fn scatter(&mut self, low: f64, high: f64) -> f64 {
        self.seed = self.seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (high - low).mul_add(f64::from(self.seed >> 8) / f64::from(1_u32 << 24), low)
    }

    /// A gradient from top to bottom of whatever it fills; stops are (offset 0–1, colour, opacity).
    pub fn vertical(&mut self, stops: &[(f64, &str, f64)]) -> String {
        self.gradient("linearGradient", "x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\"", stops)
    }

    /// A gradient from the middle outwards of whatever it fills.
    pub fn radial(&mut self, stops: &[(f64, &str, f64)]) -> String {
        self.gradient("radialGradient", "cx=\".5\" cy=\".5\" r=\".5\"", stops)
    }

    fn gradient(&mut self, kind: &str, shape: &str, stops: &[(f64, &str, f64)]) -> String {
        self.gradients += 1;
        let id = self.gradients;
        let _ = write!(self.defs, "<{kind} id=\"g{id}\" {shape}>");
        for (offset, colour, opacity) in stops {
            let _ = write!(
                self.defs,
                "<stop offset=\"{offset}\" stop-color=\"{colour}\" stop-opacity=\"{opacity}\"/>"
            );
        }
        let _ = write!(self.defs, "</{kind}>");
        format!("url(#g{id})")
    }

    /// Fills the whole poster.
    pub fn fill(&mut self, colour: &str) {
        self.rect(0.0, 0.0, WIDTH, HEIGHT, colour);
    }

    /// A filled rectangle.
    pub fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, colour: &str) {
        self.push(format_args!(
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" fill="{colour}"/>"#
        ));
    }

    /// A filled circle.
    pub fn disc(&mut self, x: f64, y: f64, radius: f64, colour: &str) {
        self.oval(x, y, radius, radius, colour);
    }

    /// A filled ellipse.
    pub fn oval(&mut self, x: f64, y: f64, wide: f64, high: f64, colour: &str) {
        self.push(format_args!(
            r#"<ellipse cx="{x:.1}" cy="{y:.1}" rx="{wide:.1}" ry="{high:.1}" fill="{colour}"/>"#
        ));
    }

    /// An ellipse's outline.
    pub fn ring(&mut self, x: f64, y: f64, wide: f64, high: f64, colour: &str, width: f64) {
        self.push(format_args!(
            r#"<ellipse cx="{x:.1}" cy="{y:.1}" rx="{wide:.1}" ry="{high:.1}" fill="none" stroke="{colour}" stroke-width="{width}"/>"#
        ));
    }

    /// A straight stroke with round ends.
    pub fn line(&mut self, from: Point, to: Point, colour: &str, width: f64) {
        self.push(format_args!(
            r#"<line x1="{:.1}" y1="{:.1}" x2="{:.1}" y2="{:.1}" stroke="{colour}" stroke-width="{width:.2}" stroke-linecap="round"/>"#,
            from.0, from.1, to.0, to.1
        ));
    }

    /// A filled polygon.
    pub fn shape(&mut self, points: &[Point], colour: &str) {
        let mut list = String::new();
        for (x, y) in points {
            let _ = write!(list, "{x:.1},{y:.1} ");
        }
        self.push(format_args!(
            r#"<polygon points="{}" fill="{colour}"/>"#,
            list.trim_end()
        ));
    }

    /// A filled path in SVG's own notation.
    pub fn path(&mut self, data: &str, colour: &str) {
        self.push(format_args!(r#"<path d="{data}" fill="{colour}"/>"#));
    }

    /// A stroked path in SVG's own notation.
    pub fn stroke(&mut self, data: &str, colour: &str, width: f64) {
        self.push(format_args!(
            r#"<path d="{data}" fill="none" stroke="{colour}" stroke-width="{width:.2}" stroke-linecap="round" stroke-linejoin="round"/>"#
        ));
    }

    /// Draws what `inner` draws at this opacity, 0 to 1.
    pub fn faded(&mut self, opacity: f64, inner: impl FnOnce(&mut Self)) {
        self.push(format_args!(r#"<g opacity="{opacity}">"#));
        inner(self);
        self.push(format_args!("</g>"));
    }

    /// Draws what `inner` draws, moved, then turned by degrees and scaled about the new origin.
    pub fn placed(&mut self, at: Point, degrees: f64, scale: f64, inner: impl FnOnce(&mut Self)) {
        self.push(format_args!(
            r#"<g transform="translate({:.1} {:.1}) rotate({degrees:.1}) scale({scale:.3})">"#,
            at.0, at.1
        ));
        inner(self);
        self.push(format_args!("</g>"));
    }

    /// The document, with a fine paper grain over all that was drawn. `label` is for screen readers.
    pub fn finish(self, label: &str) -> String {
        let label = label
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('"', "&quot;");
        format!(
            concat!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{label}">"#,
                "\n<title>{label}</title>\n<defs>{defs}",
                r#"<filter id="grain" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise" baseFrequency=".8" numOctaves="2" seed="7"/><feColorMatrix values="0 0 0 0 .5  0 0 0 0 .5  0 0 0 0 .5  1.2 0 0 0 -.45"/></filter>"#,
                r#"<clipPath id="sheet"><rect width="{width}" height="{height}"/></clipPath>"#,
                "</defs>\n<g clip-path=\"url(#sheet)\">\n{body}</g>\n",
                r#"<rect width="{width}" height="{height}" filter="url(#grain)" opacity=".22"/>"#,
                "\n</svg>\n",
            ),
            width = WIDTH,
            height = HEIGHT,
            label = label,
            defs = self.defs,
            body = self.body,
        )
    }
}
