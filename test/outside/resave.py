"""Loads each workbook with openpyxl and saves it again: resave.py values|formulas FOLDER FILE...

A load keeps the results of formulas or the formulas themselves, never both. Prints a line for each workbook that cannot be
loaded or saved: its name, a tab, and what openpyxl says.
"""

import sys
import warnings
from pathlib import Path

import openpyxl

warnings.simplefilter("ignore")
kept, folder, *files = sys.argv[1:]
for file in map(Path, files):
    try:
        book = openpyxl.load_workbook(file, data_only=kept == "values")
        book.save(Path(folder) / file.name)
    except Exception as error:
        print(f"{file.name}\t{type(error).__name__}: {error}".replace("\n", " "))
