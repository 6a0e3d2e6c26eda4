"""The only package code that imports streamlit: safe text, theme, panels, filters, caches."""
