"""The Persistence screen: terms (the promise), words (what it says), looks (one closer look at a time), passes (the leads behind)."""
