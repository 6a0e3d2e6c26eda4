"""Light or dark, and the little CSS that Streamlit's theme settings cannot say."""

from __future__ import annotations

import streamlit as st

from plumbline.colours import Mode, faded, palette


def mode() -> Mode:
    """The viewer's mode now. Light when the browser has not said (first run, tests)."""
    return "dark" if st.context.theme.type == "dark" else "light"


def apply(meeting: bool = False) -> None:
    """Put the style sheet on the page: once per run, first thing. meeting: readable from three metres at 1920 x 1080."""
    st.html(f"<style>{style(mode(), meeting)}</style>")


def style(mode: Mode, meeting: bool = False) -> str:
    """The style sheet. Sizes in rem; greys are the text colour thinned, so a late switch of mode never hides a word."""
    colours = palette(mode)
    quiet = "color-mix(in srgb, currentColor 72%, transparent)"
    scale = 1.35 if meeting else 1.0
    return f"""
.pl-headline, .pl-title, .pl-value, .pl-looked {{ font-family: "Source Serif", "Source Serif 4", "Noto Serif", Georgia, serif; }}
.pl-headline {{ font-size: {1.75 * scale:.2f}rem; line-height: 1.25; font-weight: 400; letter-spacing: -0.005em; margin: 0.1rem 0 0.2rem; padding: 0;
  max-width: 62rem; text-wrap: pretty; overflow-wrap: anywhere; }}
.pl-headline strong {{ font-weight: 650; }}
.pl-headline a, .pl-note a, .pl-text a, .pl-reading a, .pl-title a, .pl-subtitle a, .pl-stop a, .pl-told a, .pl-amiss a
  {{ color: {colours.link}; text-decoration-thickness: 1px; text-underline-offset: 0.18em; }}
.pl-sub {{ font-size: {1.1 * scale:.2f}rem; font-weight: 600; margin: 0.6rem 0 0; padding: 0; overflow-wrap: anywhere; }}
.pl-title {{ font-size: {1.25 * scale:.2f}rem; line-height: 1.3; font-weight: 600; margin: 0.4rem 0 0; padding: 0; overflow-wrap: anywhere; }}
.pl-subtitle, .pl-note, .pl-reading, .pl-through, .pl-badge {{ font-size: {0.9 * scale:.2f}rem; line-height: 1.45; margin: 0; color: {quiet};
  overflow-wrap: anywhere; }}
.pl-amiss {{ font-size: {0.875 * scale:.2f}rem; line-height: 1.35; margin: -0.3rem 0 0; padding-left: 0.5rem; border-left: 3px solid {colours.lost};
  overflow-wrap: anywhere; }}
.pl-text {{ font-size: {1 * scale:.2f}rem; line-height: 1.55; margin: 0; max-width: 46rem; overflow-wrap: anywhere; }}
.pl-strip {{ overflow: hidden; border-top: 2px solid currentColor; border-bottom: 1px solid {colours.rule}; margin: 0.35rem 0 0.2rem; }}
.pl-cells {{ display: grid; grid-template-columns: repeat(auto-fit, minmax({9.5 * scale:.1f}rem, 1fr)); margin-left: calc(-1rem - 1px); }}
.pl-figure {{ padding: 0.55rem 0.5rem 0.6rem 1rem; border-left: 1px solid {colours.rule}; }}
.pl-label {{ font-size: {0.875 * scale:.2f}rem; line-height: 1.3; color: {quiet}; }}
.pl-line {{ line-height: 1.15; margin-top: 0.15rem; }}
.pl-value {{ font-size: {1.9 * scale:.2f}rem; font-weight: 600; font-variant-numeric: tabular-nums lining-nums; white-space: nowrap; }}
.pl-unit {{ font-size: {0.95 * scale:.2f}rem; color: {quiet}; }}
.pl-under {{ font-size: {0.875 * scale:.2f}rem; line-height: 1.35; margin-top: 0.15rem; }}
.pl-change {{ white-space: nowrap; }}
.pl-n {{ color: {quiet}; }}
.pl-broken .pl-value, .pl-flag {{ color: {colours.lost}; }}
.pl-flag {{ font-size: {0.875 * scale:.2f}rem; font-weight: 600; border-bottom: 2px solid {colours.lost}; }}
.pl-plain {{ color: inherit !important; text-decoration-line: underline; text-decoration-thickness: 1px; text-underline-offset: 0.16em;
  text-decoration-color: {faded(colours.reached, 0.55)}; }}
.pl-badge span {{ border: 1px solid currentColor; border-radius: 0.25rem; padding: 0.05rem 0.4rem; margin-right: 0.3rem; white-space: nowrap; }}
.pl-badge a, .pl-widen a {{ color: {colours.link}; }}
.pl-leaks {{ border-top: 1px solid {colours.rule}; }}
.pl-leak {{ display: grid; grid-template-columns: 1.6rem minmax(0, 1fr) 5.5rem 5.5rem 6rem; gap: 0.2rem 1rem; align-items: start;
  padding: 0.55rem 0; border-bottom: 1px solid {colours.rule}; }}
.pl-leak.pl-open {{ background: {faded(colours.comparison, 0.12)}; }}
.pl-place {{ color: {quiet}; font-variant-numeric: tabular-nums; text-align: right; }}
.pl-name {{ font-weight: 600; font-size: {1.05 * scale:.2f}rem; overflow-wrap: anywhere; }}
.pl-name a {{ color: {colours.link}; text-decoration-thickness: 1px; text-underline-offset: 0.18em; }}
.pl-track {{ position: relative; height: 0.45rem; max-width: 24rem; background: {faded(colours.lost, 0.30)}; margin: 0.35rem 0 0.15rem; }}
.pl-track span {{ position: absolute; left: 0; top: 0; bottom: 0; background: {colours.reached}; }}
.pl-track i {{ position: absolute; top: -0.2rem; bottom: -0.2rem; width: 2px; background: currentColor; }}
.pl-cost {{ text-align: right; font-variant-numeric: tabular-nums lining-nums; }}
.pl-cost strong {{ font-size: {1.15 * scale:.2f}rem; font-weight: 600; white-space: nowrap; }}
.pl-leak .pl-n {{ font-size: {0.875 * scale:.2f}rem; }}
.pl-side {{ font-size: {0.9 * scale:.2f}rem; font-weight: 600; }}
.pl-marketing {{ color: {colours.marketing}; }}
.pl-sales {{ color: {colours.sales}; }}
.pl-reviews, .pl-saids, .pl-drafts {{ border-top: 1px solid {colours.rule}; }}
.pl-review {{ display: grid; grid-template-columns: minmax(0, 15rem) minmax(0, 13rem) minmax(0, 9rem) minmax(0, 1fr); gap: 0.2rem 1.2rem;
  padding: 0.55rem 0; border-bottom: 1px solid {colours.rule}; overflow-wrap: anywhere; }}
.pl-review .pl-n, .pl-said .pl-n, .pl-draft .pl-n {{ font-size: {0.875 * scale:.2f}rem; }}
.pl-ask {{ font-weight: 650; }}
.pl-broken .pl-ask {{ color: {colours.lost}; }}
.pl-unsure .pl-ask {{ font-weight: 400; color: {quiet}; }}
.pl-saids, .pl-drafts {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 0.4rem 2rem; padding-top: 0.5rem;
  overflow-wrap: anywhere; }}
.pl-said h3, .pl-draft h3 {{ font-size: {1.02 * scale:.2f}rem; font-weight: 650; margin: 0.2rem 0; padding: 0; }}
.pl-said ul, .pl-draft ul {{ margin: 0.1rem 0 0.5rem; padding-left: 1.1rem; line-height: 1.45; }}
.pl-draft li .pl-n {{ display: block; }}
.pl-sums {{ display: grid; grid-template-columns: minmax(0, 12rem) 1fr; gap: 0.1rem 1rem; margin: 0.5rem 0; padding: 0;
  font-variant-numeric: tabular-nums lining-nums; }}
.pl-sums dt {{ margin: 0; color: {quiet}; font-size: {0.9 * scale:.2f}rem; }}
.pl-sums dd {{ margin: 0; }}
.pl-empty {{ border: 1px dashed {colours.rule}; border-radius: 0.35rem; padding: 1.6rem 1.5rem; margin: 0.5rem 0; }}
.pl-empty p {{ margin: 0 0 0.3rem; max-width: 46rem; overflow-wrap: anywhere; }}
.pl-looked {{ font-size: {1.25 * scale:.2f}rem; font-weight: 600; }}
.pl-widen {{ padding-top: 0.4rem; }}
.stHtml a:focus-visible {{ outline: 2px solid {colours.reached}; outline-offset: 2px; border-radius: 2px; }}
[data-testid="stPopoverBody"] {{ min-width: min(44rem, 92vw); }}
.pl-ladder {{ overflow-x: auto; }}
.pl-ladder table {{ width: 100%; border-collapse: collapse; font-size: 0.95rem; font-variant-numeric: tabular-nums lining-nums; }}
.pl-ladder th, .pl-ladder td {{ text-align: right; vertical-align: top; padding: 0.35rem 0.4rem 0.4rem 0.8rem; font-weight: 400; white-space: nowrap;
  border-bottom: 1px solid {colours.rule}; }}
.pl-ladder thead th {{ color: {quiet}; font-size: 0.875rem; border-bottom: 1px solid currentColor; }}
.pl-ladder th:first-child {{ text-align: left; padding-left: 0; white-space: normal; overflow-wrap: anywhere; }}
.pl-ladder tbody th a {{ color: {colours.link}; text-decoration-thickness: 1px; text-underline-offset: 0.18em; }}
.pl-ladder .pl-total th, .pl-ladder .pl-total td {{ font-weight: 600; }}
.pl-ladder .pl-chosen th, .pl-ladder .pl-chosen td {{ background: {colours.panel}; }}
.pl-one {{ display: block; font-size: 0.875rem; font-weight: 400; line-height: 1.35; }}
.pl-thin, .pl-ladder td .pl-n {{ color: {quiet}; font-style: italic; }}
.pl-bar {{ display: block; height: 3px; margin: 2px 0 0 auto; background: {colours.stages["sql"]}; }}
.pl-none {{ width: 0; }}
.stHtml .pl-agreement ul, .stHtml ul.pl-changes, .stHtml ul.pl-told {{ list-style: none; margin: 0; padding: 0; }}
.pl-agreement li, .pl-changes li, .pl-told li {{ padding: 0.45rem 0 0.5rem; margin: 0; border-top: 1px solid {colours.rule};
  line-height: 1.45; max-width: 60rem; overflow-wrap: anywhere; }}
.pl-told li {{ border-top: 0; padding: 0.15rem 0; max-width: 52rem; }}
.pl-agreement strong, .pl-told strong {{ font-weight: 650; }}
.pl-agreement .pl-sub {{ margin: 0.9rem 0 0.25rem; }}
.pl-measured {{ font-size: {0.875 * scale:.2f}rem; line-height: 1.35; color: {quiet}; }}
.pl-sides {{ display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 2.5rem; align-items: start; }}
.pl-sides .pl-sub {{ border-bottom: 2px solid currentColor; padding-bottom: 0.2rem; margin-bottom: 0; }}
.pl-sides li:first-child {{ border-top: 0; }}
.pl-stop {{ display: grid; grid-template-columns: 1.6rem 0.9rem minmax(0, 1fr) minmax(8rem, 10rem) minmax(9rem, 14rem); gap: 0.2rem 0.8rem;
  align-items: start; padding: 0.5rem 0; border-bottom: 1px solid {colours.rule}; }}
.pl-line-of {{ border-top: 1px solid {colours.rule}; }}
.pl-dot {{ width: 0.7rem; height: 0.7rem; border-radius: 50%; border: 2px solid {colours.comparison}; margin-top: 0.38rem; }}
.pl-now .pl-dot {{ background: {colours.reached}; border-color: {colours.reached}; }}
.pl-open .pl-dot {{ border-color: {colours.reached}; }}
.pl-stop.pl-open, .pl-stop.pl-now {{ background: none; }}
.pl-stop .pl-n, .pl-step .pl-n {{ font-size: {0.875 * scale:.2f}rem; line-height: 1.35; }}
.pl-now .pl-state {{ font-weight: 600; }}
.pl-when {{ text-align: right; font-variant-numeric: tabular-nums lining-nums; }}
[class*="st-key-agreement-form"][class*="-off"] {{ flex-wrap: nowrap; }}
[class*="st-key-agreement-form"][class*="-off"] > :last-child {{ flex: 1 1 0; min-width: 0; }}
.pl-steps {{ display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); border-top: 2px solid currentColor;
  border-bottom: 1px solid {colours.rule}; margin: 0.35rem 0 0.2rem; }}
.pl-said {{ margin: 0.2rem 0; padding: 0.3rem 0.7rem; border-left: 3px solid {colours.reached}; background: {colours.panel};
  overflow-wrap: anywhere; }}
.pl-proposed th:first-child {{ max-width: 40rem; }}
.pl-proposed .pl-group th {{ font-weight: 600; padding-top: 0.8rem; border-bottom: 2px solid currentColor; }}
.pl-step {{ padding: 0.5rem 0.75rem 0.55rem 0; overflow-wrap: anywhere; }}
.pl-step .pl-what {{ font-size: {1.05 * scale:.2f}rem; color: {quiet}; }}
.pl-done .pl-what {{ color: inherit; font-weight: 600; }}
.pl-how {{ margin: 0; }}
.pl-how dt {{ font-size: 0.9rem; color: {quiet}; margin-top: 0.35rem; }}
.pl-how dd {{ margin: 0; max-width: 46rem; }}
[data-testid="stButtonGroup"] [role="radiogroup"], [data-testid="stButtonGroup"] > div {{ flex-wrap: wrap; overflow: visible; }}
.pl-whose {{ font-size: {1.05 * scale:.2f}rem; font-weight: 600; margin: 0; padding: 0 0 0.25rem; border-bottom: 2px solid currentColor;
  display: flex; justify-content: space-between; align-items: baseline; }}
.pl-whose span {{ font-size: {0.9 * scale:.2f}rem; font-weight: 400; color: {colours.quiet_text}; }}
.pl-promise {{ display: grid; grid-template-columns: minmax(0, 1fr) 6.6rem 5.2rem 5.4rem; column-gap: 0.75rem; align-items: center;
  padding: 0.3rem 0.2rem 0.32rem; border-bottom: 1px solid {colours.rule}; }}
.pl-promise.pl-open {{ background: {faded(colours.comparison, 0.14)}; }}
.pl-kind {{ font-weight: 600; line-height: 1.25; overflow-wrap: anywhere; }}
.pl-trend {{ width: 6.5rem; height: 1.625rem; display: block; }}
.pl-actual {{ font-family: "Source Serif", "Source Serif 4", "Noto Serif", Georgia, serif; font-size: {1.3 * scale:.2f}rem; font-weight: 600;
  line-height: 1.1; text-align: right; font-variant-numeric: tabular-nums lining-nums; white-space: nowrap; }}
.pl-verdict {{ font-size: {0.95 * scale:.2f}rem; font-weight: 600; line-height: 1.2; }}
.pl-verdict span {{ display: inline-block; padding: 0.02rem 0.45rem 0.08rem; border-radius: 0.2rem; border: 1.5px solid currentColor; }}
.pl-verdict.pl-kept span {{ background: {colours.reached}; color: {colours.on_reached}; border-color: {colours.reached}; }}
.pl-verdict.pl-missed span {{ background: {colours.lost}; color: {colours.on_lost}; border-color: {colours.lost}; }}
.pl-verdict.pl-hollow span {{ color: {colours.quiet_text}; font-weight: 400; }}
.pl-target, .pl-met, .pl-why, .pl-quarter {{ font-size: {0.85 * scale:.2f}rem; line-height: 1.3; color: {quiet}; overflow-wrap: anywhere; }}
.pl-wide {{ grid-column: 1 / -1; }}
.pl-met {{ text-align: right; }}
[class*="st-key-promise_"] {{ position: relative; }}
[class*="st-key-promise_"] [data-testid="stElementContainer"]:has(.stButton) {{ position: absolute; inset: 0; width: 100%;
  height: 100%; z-index: 1; }}
[class*="st-key-promise_"] .stButton, [class*="st-key-promise_"] .stButton > div, [class*="st-key-promise_"] .stButton button
  {{ width: 100%; height: 100%; min-height: 0; }}
[class*="st-key-promise_"] .stButton button {{ opacity: 0; }}
[class*="st-key-promise_"]:hover .pl-promise {{ background: {faded(colours.comparison, 0.10)}; }}
[class*="st-key-promise_"]:has(button:focus-visible) .pl-promise {{ outline: 2px solid {colours.reached}; outline-offset: -2px; }}
[data-testid="stLayoutWrapper"]:has(> .st-key-behind) {{ position: sticky; bottom: 0; z-index: 3; background: {colours.page};
  border-top: 2px solid currentColor; border-bottom: 1px solid {colours.rule}; padding: 0.35rem 0 0.2rem; }}
.pl-changes td, .pl-wins td, .pl-changes th, .pl-wins th {{ text-align: left !important; white-space: normal !important; }}
.pl-changes td:nth-child(2), .pl-changes td:nth-child(3) {{ white-space: nowrap !important; }}
.pl-ladder .pl-thin {{ font-style: normal; }}
.pl-wins td:last-child, .pl-wins th:last-child {{ text-align: right !important; }}
.pl-barred {{ width: 40%; }}
.pl-barred span {{ display: block; height: 0.6rem; background: {colours.lost}; margin-top: 0.4rem; }}
.pl-action {{ display: grid; grid-template-columns: minmax(0, 1fr) 9rem 11rem; column-gap: 1rem; align-items: baseline; padding: 0.35rem 0;
  border-bottom: 1px solid {colours.rule}; }}
.pl-task {{ overflow-wrap: anywhere; }}
[class*="st-key-action_"] {{ flex-wrap: nowrap !important; }}
.pl-task .pl-n {{ display: block; font-size: {0.85 * scale:.2f}rem; }}
.pl-who {{ font-weight: 600; overflow-wrap: anywhere; }}
.pl-when {{ font-size: {0.9 * scale:.2f}rem; color: {quiet}; overflow-wrap: anywhere; }}
.pl-when.pl-late {{ color: {colours.lost}; font-weight: 600; }}
[class*="st-key-leak_"] {{ border-bottom: 1px solid {colours.rule}; padding-bottom: 0.2rem; }}
[class*="st-key-leak_"] .pl-leak {{ border-bottom: none; padding-bottom: 0; }}
[class*="st-key-ways_of_leak_"] {{ padding-left: 2.6rem; }}
@media (max-width: 1100px) {{
  .st-key-promises [data-testid="stHorizontalBlock"] {{ flex-wrap: wrap; row-gap: 1rem; }}
  .st-key-promises [data-testid="stColumn"] {{ min-width: 100%; }}
  [data-testid="stSidebar"][data-collapsed="false"] {{ width: 12.25rem !important; min-width: 12.25rem !important; }}
  [data-testid="stMainBlockContainer"] {{ padding-left: 1.75rem; padding-right: 1.75rem; }}
  .st-key-filters {{ gap: 0.5rem; }}
  [data-testid="stSidebarNavLink"] span:last-child, [data-testid="stSidebarNavLink"] p {{ white-space: normal !important; line-height: 1.3; }}
  .st-key-story [data-testid="stHorizontalBlock"], .st-key-heat [data-testid="stHorizontalBlock"] {{ flex-wrap: wrap; }}
  .st-key-story [data-testid="stColumn"], .st-key-heat [data-testid="stColumn"] {{ min-width: 100%; }}
  .st-key-lab [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"]) {{ flex-wrap: wrap; }}
  .st-key-lab [data-testid="stColumn"] {{ min-width: 100%; }}
  .pl-leak {{ grid-template-columns: 1.4rem minmax(0, 1fr) 4.6rem 4.6rem 4.8rem; gap: 0.2rem 0.6rem; }}
  .pl-sides {{ grid-template-columns: minmax(0, 1fr); }}
  [class*="st-key-agreement-form"][class*="-row"] > :first-child {{ flex: 1 1 100%; width: 100% !important; }}
  .pl-steps {{ grid-template-columns: repeat(2, minmax(0, 1fr)); }}
  .pl-stop {{ grid-template-columns: 1.4rem 0.9rem minmax(0, 1fr) 7.5rem; }}
  .pl-when {{ grid-column: 3 / -1; text-align: left; }}
  .pl-review {{ grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }}
  .pl-cells {{ grid-template-columns: repeat(2, minmax(0, 1fr)); }}
  .pl-figure:nth-child(n + 3) {{ border-top: 1px solid {colours.rule}; }}
  .pl-headline {{ font-size: 1.5rem; }}
  .pl-value {{ font-size: 1.6rem; }}
}}
@media print {{
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"], [data-testid="stPopover"], [data-testid="stDownloadButton"]
    {{ display: none !important; }}
  .pl-headline, .pl-strip, .pl-title, .stPlotlyChart {{ break-inside: avoid; }}
  .pl-title {{ break-after: avoid; }}
  .pl-headline a, .pl-plain {{ text-decoration: none; }}
}}
"""
