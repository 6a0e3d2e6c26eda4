"""The heading font, small: Streamlit's Source Serif with the letters, weights and features that Plumbline uses.

    uv run --with fonttools --with brotli python -m scripts.heading_font

Writes plumbline/fonts/plumbline-serif.woff2, which server.py sends in place of Streamlit's own file. Only whoever repeats this needs fonttools.
The licence of the font reserves its name, so the subset carries another one inside; the style sheets go on calling the family Source Serif.
"""

from __future__ import annotations

from pathlib import Path

from streamlit import file_util

FONT = Path(__file__).resolve().parents[1] / "plumbline" / "fonts" / "plumbline-serif.woff2"
NAME = "Plumbline Serif"
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "lnum", "pnum", "tnum"]
WEIGHTS = (400, 700)
OPTICAL_SIZE = 24  # the headings' own size in px; text is set in Source Sans
RANGES = (
    (0x0020, 0x024F),  # Latin, Latin-1, Latin Extended-A and B
    (0x0250, 0x036F),  # modifiers and combining marks
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x052F),  # Cyrillic
    (0x1E00, 0x1EFF),  # Latin Extended Additional: Vietnamese
    (0x2000, 0x20CF),  # punctuation, super- and subscripts, currency
    (0x2100, 0x22FF),  # letterlike, fractions, arrows, mathematics
    (0x25A0, 0x25FF),  # triangles and squares
    (0x2713, 0x2713),  # a tick
    (0xFB00, 0xFB06),  # ligatures
)


def write() -> None:
    """Subsets Streamlit's upright Source Serif into FONT."""
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    source = next((Path(file_util.get_static_dir()) / "static" / "media").glob("SourceSerifVariable-Roman.ttf.*.woff2"))
    font = TTFont(source)
    options = subset.Options(layout_features=FEATURES, hinting=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    subsetter.subset(font)
    for glyph in font.getGlyphOrder():
        font["gvar"].variations.setdefault(glyph, [])  # the instancer wants one for every glyph, blanks too
    font = instancer.instantiateVariableFont(font, {"opsz": OPTICAL_SIZE, "wght": WEIGHTS})
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6):
            record.string = NAME.replace(" ", "") if record.nameID == 6 else NAME
    font.flavor = "woff2"
    font.save(FONT)
    print(f"{FONT}: {FONT.stat().st_size:,} bytes, was {source.stat().st_size:,}")


if __name__ == "__main__":
    write()
