"""Events where they live: dataframes of other engines, and files larger than memory.

The rows stay where they are. What comes back are condensed events (see
`partybuild.reduce.condense`), from which the reduction makes the same figures.
"""
