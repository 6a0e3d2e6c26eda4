"""The Speed to lead screen: ground (what it reads), words (what it says), looks (one closer look at a time), calendars (hours of the teams)."""
