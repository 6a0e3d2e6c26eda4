"""The Agreement screen: desk (versions, today, who acts), words (what it says), pieces (its HTML), and its parts one by one."""
