"""What the screen Accounts is made of."""
