"""Documents that leave the house: agreements, the minutes of a week, the bulletin of a month. Nothing is asked of a history here.

agreement_document   what the agreement's document says, as headings, paragraphs and tables
agreement_html       the same as a page that prints well; agreement_docx: as a Word document; agreement_files: the kinds of files it is exported to
weekly, monthly      minutes and bulletin as values; weekly_html, weekly_pptx, monthly_html, monthly_pptx: as a page and as slides
meeting_files        writes them where a user named a place
"""
