"""``python -m scraper`` is ``winnow``."""

from scraper.cli.main import main

if __name__ == "__main__":
    main()
