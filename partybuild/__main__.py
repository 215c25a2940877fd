"""``python -m partybuild`` is the command line."""

import sys

from partybuild.cli import main

if __name__ == "__main__":
    sys.exit(main())
