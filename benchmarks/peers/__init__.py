"""The same numbers by other means, written as well as we can, each checked equal before timing."""
