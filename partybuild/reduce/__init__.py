"""Events -> one actual per target x organisation x member x window.

`facts` encodes the events once as whole numbers, `picks` chooses the rows of a
target, `cells` turns them into one number a cell, `reduction` does so for every
target of a grid. Takes a canonical frame; knows no ledger and no file.
"""
