"""What the screen Sources and cost is made of."""
