"""The Leaks screen: ground (what is asked), words, cards (the ranking), series (a leak over time), one_leak (a closer look), looks (others)."""
