"""What have marketing and sales promised each other, and what do they promise next?"""

from plumbline.ui import text
from plumbline.ui.agreement import desk, overview, scene

on = desk.read()
number = desk.asked()
if number and (version := on.numbered(number)):
    scene.one_version(on, version)
else:
    if number:
        text.note(f"There is no version {number}: these are all.")
    overview.show(on)
