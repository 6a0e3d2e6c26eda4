"""One step a file: its number, what came before it, and what it does. A step that was released is never changed."""
