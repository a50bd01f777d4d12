"""Compares DICOM files with base64 of DICOM JSON, tag by tag but for pixels: compare_json.py FOLDER FILE..."""
import base64
import sys

from compare_dicoms import compare, load
from pydicom.dataset import Dataset

before, differences = load(sys.argv[1]), []
for path in sys.argv[2:]:
    with open(path) as text:
        d = Dataset.from_json(base64.b64decode(text.read()).decode('utf-8'))
    old = before[d.SOPInstanceUID]
    del old.PixelData
    if '2022' in str(d.SpecificCharacterSet if 'SpecificCharacterSet' in d else ''):
        del old.PatientName, d.PatientName  # with code extensions the text there is the bytes
    differences += compare(old, d, path, to_the_letter=False)  # numbers have no letters in JSON
print('\n'.join(differences[:20]))
print(f'{len(sys.argv) - 2} files, {len(differences)} differences')
