"""Every sentence of every screen, as a person reads it: opened without a browser, collected, printed, and held against what is recorded."""
