"""The contract written out a second time, slowly, to hold the library against."""
