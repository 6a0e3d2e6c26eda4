"""Documents that leave the house: the minutes of a week and the bulletin of a month, as HTML and PPTX. Nothing is asked of a history here."""
