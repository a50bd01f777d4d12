"""Compares the DICOM files of two folders, tag by tag: compare_dicoms.py FOLDER FOLDER"""
import os
import sys

import pydicom


def load(folder):
    found = {}
    for path, _, names in os.walk(folder):
        for name in names:
            if name != 'notes.txt':
                d = pydicom.dcmread(os.path.join(path, name))
                found[d.SOPInstanceUID] = d
    return found


def compare(a, b, where, to_the_letter=True):
    different = []
    if [e.tag for e in a] != [e.tag for e in b]:
        different.append(f'{where}: other tags')
    for e in a:
        if e.tag not in b:
            continue
        f, at = b[e.tag], f'{where} {e.tag}'
        if e.VR != f.VR:
            different.append(f'{at}: {e.VR} became {f.VR}')
        elif e.VR == 'SQ':
            if len(e.value) != len(f.value):
                different.append(f'{at}: other items')
            for x, y in zip(e.value, f.value):
                different += compare(x, y, at, to_the_letter)
        elif e.value != f.value or to_the_letter and str(e.value) != str(f.value):
            different.append(f'{at}: {e.value!r} became {f.value!r}')
    return different


if __name__ == '__main__':
    before, after = load(sys.argv[1]), load(sys.argv[2])
    assert before.keys() == after.keys(), before.keys() ^ after.keys()
    differences = [d for uid in before for d in compare(before[uid], after[uid], uid)]
    print('\n'.join(differences[:20]))
    print(f'{len(before)} files, {len(differences)} differences')
