"""Documents that leave the house.

agreement_document   what the agreement's document says, as headings, paragraphs and tables
agreement_html       the same as a page that prints well; agreement_docx: as a Word document
files                the kinds of files that a version is exported to
"""
