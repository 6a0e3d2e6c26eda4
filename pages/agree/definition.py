"""What would have happened with another bar for "qualified"?"""

from plumbline.ui.lab import scene

scene.show()
