"""The style of meeting mode: nothing but the step, in letters that are read from three metres at 1920 x 1080."""

from __future__ import annotations

from plumbline.colours import Mode, faded, palette
from plumbline.meeting.agenda import MINUTES

_LONGEST = 240  # minutes that the clock counts


def style(mode: Mode) -> str:
    """The style sheet, without its tags. No "<" in it: the browser's page cleans such a sheet away."""
    colours = palette(mode)
    quiet = "color-mix(in srgb, currentColor 76%, transparent)"
    serif = '"Source Serif", "Source Serif 4", "Noto Serif", Georgia, serif'
    return f"""
[data-testid="stSidebar"], [data-testid="stSidebarCollapsedControl"], [data-testid="stExpandSidebarButton"],
.st-key-filters {{ display: none !important; }}
[data-testid="stHeader"] {{ height: 0; min-height: 0; overflow: hidden; }}
[data-testid="stMainBlockContainer"] {{ padding: 1.2rem 2.4rem 2rem; max-width: none; }}
.st-key-meeting, .st-key-meeting label p, .st-key-meeting textarea, .st-key-meeting input, .st-key-meeting button p,
.st-key-meeting [data-baseweb="select"] {{ font-size: 1.25rem; line-height: 1.45; }}
.pl-m-head {{ font-family: {serif}; font-size: 2.5rem; line-height: 1.2; font-weight: 400; margin: 0.4rem 0 0.2rem; padding: 0; text-wrap: pretty;
  overflow-wrap: anywhere; }}
.pl-m-head strong {{ font-weight: 650; }}
.pl-m-ask, .pl-m-quiet {{ font-size: 1.3rem; line-height: 1.4; color: {quiet}; margin: 0 0 0.4rem; overflow-wrap: anywhere; }}
.pl-m-line {{ font-size: 1.6rem; line-height: 1.4; margin: 0.35rem 0; overflow-wrap: anywhere; }}
.pl-m-sides {{ display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 2rem; }}
.pl-m-side {{ border-top: 5px solid currentColor; margin-top: 0.6rem; }}
.pl-m-side h3 {{ font-size: 1.5rem; margin: 0.3rem 0 0; padding: 0; }}
.pl-m-marketing {{ border-color: {colours.marketing}; }} .pl-m-marketing h3 {{ color: {colours.marketing}; }}
.pl-m-sales {{ border-color: {colours.sales}; }} .pl-m-sales h3 {{ color: {colours.sales}; }}
.pl-m-promise {{ display: grid; grid-template-columns: minmax(0, 1fr) 13rem; gap: 0 1rem; padding: 0.45rem 0; border-top: 1px solid {colours.rule}; }}
.pl-m-name {{ font-size: 1.45rem; font-weight: 650; line-height: 1.25; overflow-wrap: anywhere; }}
.pl-m-small {{ font-size: 1.25rem; line-height: 1.35; color: {quiet}; overflow-wrap: anywhere; }}
.pl-m-value {{ font-family: {serif}; font-size: 2rem; font-weight: 600; white-space: nowrap; margin-right: 0.4rem; }}
.pl-m-verdict {{ font-size: 1.4rem; font-weight: 650; }}
.pl-m-kept {{ color: {colours.reached}; }} .pl-m-missed {{ color: {colours.lost}; }}
.pl-m-promise img {{ width: 100%; height: auto; display: block; }}
.pl-m-leak {{ display: grid; grid-template-columns: 2.6rem minmax(0, 1fr) auto; gap: 0 1.2rem; padding: 0.9rem 0;
  border-bottom: 1px solid {colours.rule}; }}
.pl-m-lost .pl-m-small {{ color: {quiet}; font-weight: 400; }} .pl-m-whole {{ display: inline-block; }} .pl-m-day {{ white-space: nowrap; }}
.pl-m-place {{ font-family: {serif}; font-size: 2.2rem; color: {quiet}; text-align: right; line-height: 1.1; }}
.pl-m-lost {{ font-size: 1.6rem; font-weight: 650; color: {colours.lost}; text-align: right; }}
.pl-m-table {{ width: 100%; border-collapse: collapse; font-size: 1.3rem; line-height: 1.35; margin: 0.4rem 0; }}
.pl-m-table th, .pl-m-table td {{ text-align: left; vertical-align: top; padding: 0.45rem 1rem 0.45rem 0; border-bottom: 1px solid {colours.rule};
  font-weight: 400; overflow-wrap: anywhere; }}
.pl-m-table thead th {{ color: {quiet}; border-bottom: 1px solid currentColor; overflow-wrap: normal; }}
.pl-m-table .pl-m-num {{ text-align: right; font-variant-numeric: tabular-nums lining-nums; white-space: nowrap; }}
.pl-m-bar {{ display: block; height: 1.1rem; margin-top: 0.35rem; }}
.pl-m-waits {{ font-size: 1.25rem; border-left: 5px solid {colours.sales}; padding: 0.2rem 0 0.2rem 0.8rem; margin: 0.4rem 0; }}
.pl-m-note {{ font-size: 1.3rem; line-height: 1.4; border-left: 4px solid currentColor; padding-left: 0.8rem; margin: 0.5rem 0;
  overflow-wrap: anywhere; }}
.pl-clock {{ display: flex; align-items: center; gap: 1.2rem; font-size: 1.25rem; color: {quiet}; }}
.pl-agenda {{ position: relative; flex: 1; display: flex; gap: 3px; height: 0.8rem; }}
.pl-agenda span {{ background: {faded(colours.comparison, 0.35)}; }}
.pl-agenda .pl-m-now {{ background: {colours.reached}; }}
.pl-agenda i {{ position: absolute; top: -0.35rem; bottom: -0.35rem; width: 3px; background: currentColor; left: 100%;
  animation: pl-along {MINUTES * 60}s linear both; }}
@keyframes pl-along {{ from {{ left: 0; }} to {{ left: 100%; }} }}
@property --pl-minutes {{ syntax: "\\3c integer\\3e "; initial-value: 0; inherits: false; }}
@keyframes pl-count {{ from {{ --pl-minutes: 0; }} to {{ --pl-minutes: {_LONGEST}; }} }}
.pl-minutes {{ animation: pl-count {_LONGEST * 60}s steps({_LONGEST}, end) both; counter-reset: pl-minutes var(--pl-minutes); }}
.pl-minutes::after {{ content: counter(pl-minutes); }}
@media (max-width: 1200px) {{ .pl-m-head {{ font-size: 1.9rem; }} .pl-m-sides {{ grid-template-columns: 1fr; }} }}
"""
