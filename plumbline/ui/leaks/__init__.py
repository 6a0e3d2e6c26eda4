"""The Leaks screen: ground (what is asked), words, cards (the ranking), one_leak (a closer look), marks (what its
leads have in common), plugged (what if), looks (others)."""
