"""Events -> one actual per target x organisation x member x window.

`coding` turns columns into whole numbers, `facts` puts the events of each kind side
by side once, `picks` chooses the rows of a target, `cells` turns them into one
number a cell, `reduction` does so for every target of a grid. Takes a canonical
frame; knows no ledger and no file.
"""
