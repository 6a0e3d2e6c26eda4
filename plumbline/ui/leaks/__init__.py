"""The Leaks screen: ground (what is asked), words, cards (the ranking), one_leak (a closer look), looks (others)."""
