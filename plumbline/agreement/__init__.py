"""What marketing and sales promise each other: the document, how each promise is measured, versions and signatures."""
