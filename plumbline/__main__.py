"""`python -m plumbline COMMAND`."""

from plumbline.cli import main

if __name__ == "__main__":
    main()
